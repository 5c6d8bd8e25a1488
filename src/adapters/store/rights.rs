//! The store's part in people's rights, behind the port.

use super::{AUDIT, SledStore, commit::panicked, engine::io_error, forget, replace};
use crate::{
    adapters::audit::Audit,
    domain::{Act, AuditLog, ForgetJob, Forgettable, Forgotten, Gone},
    ports::{StoreError, StoreRights},
};
use async_trait::async_trait;
use jiff::Timestamp;
use url::Url;

#[async_trait]
impl StoreRights for SledStore {
    async fn forgotten(&self) -> Result<Forgotten, StoreError> {
        self.blocking(super::Inner::forgotten).await
    }

    async fn are_forgotten(&self, urls: &[Url]) -> Result<Vec<bool>, StoreError> {
        let urls = urls.to_vec();
        self.blocking(move |inner| {
            let veil = inner.veil()?;
            Ok(urls.iter().map(|url| forget::is_forgotten(&veil.row, url)).collect())
        })
        .await
    }

    async fn plan_forgetting(&self, what: &Forgettable) -> Result<Gone, StoreError> {
        let what = what.clone();
        self.blocking(move |inner| inner.plan_forgetting(&what)).await
    }

    async fn begin_forgetting(&self, what: &Forgettable, now: Timestamp) -> Result<(), StoreError> {
        let what = what.clone();
        self.blocking(move |inner| inner.begin_forgetting(what, now)).await
    }

    async fn sweep(&self) -> Result<bool, StoreError> {
        self.blocking(super::Inner::sweep).await
    }

    async fn forget_archived(&self) -> Result<(), StoreError> {
        self.blocking(super::Inner::forget_archived).await
    }

    async fn end_forgetting(&self) -> Result<Option<ForgetJob>, StoreError> {
        self.blocking(super::Inner::end_forgetting).await
    }

    async fn earlier_states(&self) -> Result<Vec<String>, StoreError> {
        self.blocking(|inner| Ok(replace::earlier_states(&inner.folder))).await
    }

    async fn audit(&self, act: Act, now: Timestamp) -> Result<(), StoreError> {
        self.blocking(move |inner| {
            inner.check_alive()?;
            let veil = inner.veil()?;
            let mut act = act;
            veil.black_out(&mut act.detail);
            let mut audit = inner.audit.lock().map_err(|_| panicked())?;
            let path = inner.folder.join(AUDIT);
            audit.append(act, now).map_err(|e| io_error(&path, "cannot write the audit log", &e, "check the disk"))
        })
        .await
    }

    async fn audit_log(&self) -> Result<AuditLog, StoreError> {
        self.blocking(|inner| {
            let _held = inner.audit.lock().map_err(|_| panicked())?;
            let path = inner.folder.join(AUDIT);
            Audit::read(&path).map_err(|e| io_error(&path, "cannot read the audit log", &e, "mend its rights"))
        })
        .await
    }
}

//! Commands for the store's care: `backup`, `restore`, `export`, `import`, `verify`, `rebuild`, `compact`.

mod backup;
mod export;
mod mend;

pub(super) use backup::{BackupArgs, RestoreArgs, backup, restore};
pub(super) use export::{ExportArgs, ImportArgs, export, import};
pub(super) use mend::{CompactArgs, RebuildArgs, VerifyArgs, compact, rebuild, verify};

use super::ask::Source;
use super::output::CliError;
use super::tell::size;
use crate::pipeline::Care;
use crate::ports::{Laid, Parcel, StoreError};
use base64::Engine as _;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The answer to `care`, as what it is.
async fn ask<T: DeserializeOwned>(source: &mut Source<'_>, care: &Care) -> Result<T, CliError> {
    let value = source.care(care).await?;
    serde_json::from_value(value)
        .map_err(|e| CliError::data(format!("the daemon's answer cannot be read: {e}: is it another version?")))
}

/// Lays a parcel ready.
async fn lay_ready(source: &mut Source<'_>, what: Parcel) -> Result<Laid, CliError> {
    ask(source, &Care::LayReady { what }).await
}

/// The next piece of a file of a parcel.
async fn fetch(source: &mut Source<'_>, id: &str, name: &str, offset: u64) -> Result<Vec<u8>, CliError> {
    let care = Care::Fetch { id: id.to_owned(), name: name.to_owned(), offset };
    let value: Value = ask(source, &care).await?;
    let bytes = value["bytes"].as_str().and_then(|b| base64::engine::general_purpose::STANDARD.decode(b).ok());
    bytes.ok_or_else(|| CliError::data("the daemon's answer cannot be read: is it another version?"))
}

impl From<StoreError> for CliError {
    fn from(error: StoreError) -> Self {
        super::ask::store_error(&error)
    }
}

/// How far a work of so many bytes is.
fn share_of(done: u64, total: u64) -> (f64, String) {
    // A share of a whole: what the cast loses does not show.
    (done as f64 / total.max(1) as f64, format!("{} of {}", size(done), size(total)))
}

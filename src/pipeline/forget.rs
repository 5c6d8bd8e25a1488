//! Forgetting somebody, or what stands at an address: everywhere, for good, and over a crash.

use super::audit::print;
use super::show::day;
use super::{AskError, Pipeline};
use crate::domain::{
    Act, ActKind, Anonymity, Article, DeliveryState, DigestId, ForgetJob, Forgettable, Gone, masking, names::NameFinder,
};
use crate::ports::{HandCommit, Replaced, StoreError, WatchMemory};
use crate::stages::anonymity::Masks;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use url::Url;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forget {
    /// A person's whole name, the id of one on the watchlist, or an address.
    pub what: String,
    /// Other forms of the name.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Only say what would go.
    #[serde(default)]
    pub dry_run: bool,
}

/// `thing` with the names that `finder` looks for blacked out.
pub(super) fn veiled<T: Serialize + DeserializeOwned>(finder: &NameFinder, thing: T) -> T {
    let Ok(mut value) = serde_json::to_value(&thing) else { return thing };
    if masking::black_out_all(&mut value, finder, false) == 0 {
        return thing;
    }
    serde_json::from_value(value).unwrap_or(thing)
}

impl Pipeline {
    /// `article` as it may be read and kept, names that were forgotten blacked out before anything is found in it; and `page`, where
    /// it may be kept: a page that names somebody says so in whatever mark-up or encoding, so what was read of it decides.
    pub(super) async fn veil(
        &self,
        article: Article,
        page: Option<Vec<u8>>,
    ) -> Result<(Article, Option<Vec<u8>>), StoreError> {
        let forgotten = self.store.forgotten().await?;
        if forgotten.has_no_names() {
            return Ok((article, page));
        }
        let veiled = veiled(&forgotten.finder(), article.clone());
        let page = page.filter(|_| veiled == article);
        Ok((veiled, page))
    }

    /// Whom or what `asked` means, and whether it is somebody who is watched.
    fn forgettable(&self, asked: &Forget) -> Result<(Forgettable, bool), AskError> {
        let what = asked.what.trim();
        let host = what.split('/').next().unwrap_or("");
        if what.starts_with("http://") || what.starts_with("https://") || what.contains('/') && host.contains('.') {
            let url = if what.contains("://") { what.to_owned() } else { format!("https://{what}") };
            let parsed = Url::parse(&url).ok().filter(Url::has_host);
            let url = parsed.ok_or_else(|| AskError::Unknown(format!("{what:?} is no address")))?.to_string();
            return Ok((Forgettable::Address { url }, false));
        }
        let persons = &self.settings.watchlist.persons;
        if let Some(person) = persons.iter().find(|p| p.id == what || p.name.eq_ignore_ascii_case(what)) {
            let aliases = person.aliases.iter().chain(&asked.aliases).cloned().collect();
            return Ok((Forgettable::Person { name: person.name.clone(), aliases }, true));
        }
        if what.split_whitespace().count() < 2 {
            return Err(AskError::Unknown(format!(
                "{what:?} is one word, and would be blacked out wherever it stands: give the whole name, as \"Orla Brackenridge\""
            )));
        }
        Ok((Forgettable::Person { name: what.to_owned(), aliases: asked.aliases.clone() }, false))
    }

    /// Forgets, and says what went and what could not be reached; or only says what would go.
    ///
    /// # Errors
    /// When what is asked for cannot be told, or the store fails. What was begun goes on at the next start.
    pub async fn forget(&self, asked: &Forget, by: &str) -> Result<Value, AskError> {
        let (what, watched) = self.forgettable(asked)?;
        let person = matches!(what, Forgettable::Person { .. });
        if asked.dry_run {
            let _alone = self.deciding.lock().await;
            let gone = self.store.plan_forgetting(&what).await?;
            let beyond = self.beyond_reach(watched, Vec::new()).await?;
            return Ok(told(person, true, &gone, 0, beyond));
        }
        let now = self.clock.now();
        // Nobody's name stands in the log: that it holds is what it says.
        let kind = if person { "person" } else { "address" };
        let act = Act { act: ActKind::ForgetBegun, by: by.to_owned(), detail: json!({ "kind": kind }) };
        self.store.audit(act, now).await?;
        {
            let _alone = self.deciding.lock().await;
            self.store.begin_forgetting(&what, now).await?;
        }
        let (job, files, beyond) = self.finish_forgetting(by).await?;
        let gone = job.map(|job| job.gone).unwrap_or_default();
        Ok(told(person, false, &gone, files, self.beyond_reach(watched, beyond).await?))
    }

    /// Goes on with what a crash cut short, if anything was.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn resume_forgetting(&self) -> Result<(), StoreError> {
        if self.store.forgotten().await?.job.is_some() {
            tracing::info!("forgetting was cut short: it goes on");
            let (_, _, beyond) = self.finish_forgetting("goes on after the service had ended").await?;
            for line in beyond {
                tracing::warn!("could not be reached: {line}");
            }
        }
        Ok(())
    }

    /// Does all of it after the tombstones are up. Gives what was done, how many digests were put right in their channels, and
    /// what could not be reached.
    async fn finish_forgetting(&self, by: &str) -> Result<(Option<ForgetJob>, u64, Vec<String>), StoreError> {
        let (mut files, mut beyond) = (0, Vec::new());
        {
            // Nothing is settled, decided or made into a digest meanwhile, and no digest is on its way.
            let _alone = self.deciding.lock().await;
            let _quiet = self.delivering.lock().await;
            while !self.store.sweep().await? {}
            self.store.forget_archived().await?;
            self.store.compact().await?;
            if let Some(job) = self.store.forgotten().await?.job {
                for id in &job.digests {
                    self.replace_digest(id, &mut files, &mut beyond).await?;
                }
            }
        }
        let job = self.store.end_forgetting().await?;
        let gone = job.as_ref().map(|job| &job.gone);
        let detail = json!({ "gone": gone, "digests_replaced": files, "beyond_reach": beyond.len() });
        self.store.audit(Act { act: ActKind::ForgetDone, by: by.to_owned(), detail }, self.clock.now()).await?;
        Ok((job, files, beyond))
    }

    /// Masks, in digests that channels have already, those who must not be named since lately: as far as channels can.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) async fn mask_delivered(&self) -> Result<(), StoreError> {
        let rules: BTreeSet<String> = self.settings.anonymity.iter().map(print).collect();
        let memory = self.store.watch_memory().await?;
        if memory.masked == rules {
            return Ok(());
        }
        let since: Vec<Anonymity> =
            self.settings.anonymity.iter().filter(|rule| !memory.masked.contains(&print(rule))).cloned().collect();
        if !since.is_empty() {
            let (mut files, mut beyond) = (0, Vec::new());
            let _quiet = self.delivering.lock().await;
            let masks = Masks::new(&since, day(self.clock.now()));
            for (id, _) in self.store.digests().await? {
                let Some(digest) = self.store.digest(&id).await? else { continue };
                if masks.digest(&digest) != digest {
                    self.replace_digest(&id, &mut files, &mut beyond).await?;
                }
            }
            if files > 0 {
                tracing::info!(digests = files, "delivered digests were masked in their channels");
            }
            for line in beyond {
                tracing::warn!("names somebody who must not be named, and could not be masked: {line}");
            }
        }
        let memory = WatchMemory { masked: rules, ..memory };
        self.store.commit_hand(HandCommit { memory: Some(memory), ..HandCommit::default() }).await
    }

    /// Puts a changed digest in the place of those that channels have.
    async fn replace_digest(&self, id: &DigestId, files: &mut u64, beyond: &mut Vec<String>) -> Result<(), StoreError> {
        for delivery in self.store.deliveries(id).await? {
            let DeliveryState::Sent { receipt } = &delivery.state else { continue };
            let channel = &delivery.channel;
            let (owner, message) = match self.channel_and_message(&delivery).await? {
                Ok(found) => found,
                Err(error) => {
                    beyond.push(format!("digest {id} in channel {channel}: {}", error.message));
                    continue;
                }
            };
            match owner.replace(&message).await {
                Ok(Replaced::Yes) => *files += 1,
                Ok(Replaced::NotThere) => {}
                Ok(Replaced::OutOfReach(how)) => {
                    let to = if receipt.receivers.is_empty() {
                        String::new()
                    } else {
                        format!(" to {}", receipt.receivers.join(", "))
                    };
                    beyond.push(format!("digest {id}, sent by channel {channel}{to} on {}: {how}", receipt.at));
                }
                Err(error) => beyond.push(format!("digest {id} in channel {channel}: {}", error.message)),
            }
        }
        Ok(())
    }

    /// What no program can put right.
    async fn beyond_reach(&self, watched: bool, mut found: Vec<String>) -> Result<Vec<String>, StoreError> {
        if watched {
            found.push("the watchlist file: take the [[person]] out of it, with its guards and mutes".to_owned());
        }
        let earlier = self.store.earlier_states().await?;
        if !earlier.is_empty() {
            found.push(format!("earlier states of the store, which hold it still: delete {}", earlier.join(", ")));
        }
        found.push("backups and exports made before, and old stores that `restore` or `rebuild` moved aside: delete them, or forget again after one is restored".to_owned());
        found.push(
            "logs of the system (journalctl): they end by their own rotation, or by `journalctl --vacuum-time`"
                .to_owned(),
        );
        found.push("what readers copied or passed on".to_owned());
        Ok(found)
    }
}

fn told(person: bool, dry_run: bool, gone: &Gone, files: u64, beyond: Vec<String>) -> Value {
    json!({
        "kind": if person { "person" } else { "address" },
        "dry_run": dry_run,
        "removed": gone.removed,
        "blacked_out": gone.blacked_out,
        "erased": gone.erased,
        "digests_replaced": files,
        "beyond_reach": beyond,
    })
}

//! What the user decides by hand: developments merged and split, alerts said to be wrong, and the watchlist's rulings
//! carried into the store.

use super::{AskError, Forget, Pipeline, decision};
use crate::domain::{
    Alert, AlertId, AlertKind, Anonymity, ArticleId, ChannelId, Decision, Development, DevelopmentId, Merge, Outcome,
    Stage, Subject, Watchlist,
};
use crate::ports::{BlockingKey, HandCommit, StoreError, WatchMemory};
use crate::stages::identity::by_hand;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// By whom the audit log says that the watchlist was changed in its file: the service only sees that it was.
pub const SEEN_BY_SERVICE: &str = "seen by the service";

/// In what an alert is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wrong {
    /// It is not about the person or body it names.
    NotThem,
    /// It was known before.
    NotNew,
    /// It did not happen.
    NotHappened,
}

impl Wrong {
    /// As a rule's name.
    pub const fn rule(self) -> &'static str {
        match self {
            Self::NotThem => "said_not_them",
            Self::NotNew => "said_not_new",
            Self::NotHappened => "said_not_happened",
        }
    }
}

/// A change that the user asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "change")]
pub enum Change {
    /// Two developments are one.
    Merge {
        /// The two.
        developments: [DevelopmentId; 2],
    },
    /// What these articles tell is a development of its own.
    Split {
        /// Of which development.
        development: DevelopmentId,
        /// The articles.
        articles: Vec<ArticleId>,
    },
    /// A development that was merged by hand is its own again.
    Part {
        /// The one that was merged away.
        development: DevelopmentId,
    },
    /// An alert is wrong; where no digest told it yet, none will.
    Wrong {
        /// The alert.
        alert: AlertId,
        /// In what.
        what: Wrong,
        /// Who is not meant, of those whom it names; empty: all.
        #[serde(default)]
        who: String,
        /// The user's words.
        because: String,
    },
    /// An alert that was said to be wrong is not.
    Right {
        /// The alert.
        alert: AlertId,
    },
    /// A digest is sent again: to one channel, or to all that did not take it.
    Resend {
        /// Its id, or a beginning of one, or `latest`.
        digest: String,
        /// The channel.
        channel: Option<ChannelId>,
    },
    /// A channel is tried with a digest that is none. It changes nothing in the store.
    Try {
        /// The channel.
        channel: ChannelId,
    },
    /// The watchlist file, or the names that are masked, were changed.
    Watchlist {
        /// By what command.
        by: String,
        /// The watchlist now.
        watchlist: Box<Watchlist>,
        /// Who is masked now.
        anonymity: Vec<Anonymity>,
    },
    /// Somebody, or an address, is to be forgotten.
    Forget {
        /// Who or what.
        #[serde(flatten)]
        forget: Forget,
        /// By what command.
        by: String,
    },
    /// Stored articles are read again for the past of somebody watched, which comes as one digest.
    Past {
        /// The watchlist id.
        of: String,
        /// From when on.
        from: Timestamp,
    },
    /// The merges of the watchlist, all of them: those that are not done yet are done, those that went are undone.
    Rule {
        /// The merges.
        merges: Vec<Merge>,
    },
}

impl Pipeline {
    /// Does what the user asks for, and says what came of it.
    ///
    /// # Errors
    /// When it names something that is not stored or cannot be done, or the store fails.
    pub async fn change(&self, change: &Change) -> Result<Value, AskError> {
        let done = self.do_change(change).await?;
        self.note_change(change, &done).await?;
        Ok(done)
    }

    async fn do_change(&self, change: &Change) -> Result<Value, AskError> {
        match change {
            Change::Forget { forget, by } => return self.forget(forget, by).await,
            // What is sent has nothing to do with what is settled, and may take a while.
            Change::Resend { digest, channel } => return self.resend(digest, channel.as_ref()).await,
            Change::Try { channel } => return self.try_channel(channel).await,
            _ => {}
        }
        // No article is settled meanwhile: what it was settled against must not change under it.
        let _alone = self.deciding.lock().await;
        match change {
            // Done above, under locks of their own.
            Change::Forget { .. } | Change::Resend { .. } | Change::Try { .. } => Ok(Value::Null),
            Change::Watchlist { by, watchlist, anonymity } => {
                self.note_watchlist(watchlist, anonymity, by).await?;
                Ok(Value::Null)
            }
            Change::Merge { developments: [a, b] } => self.merge_by_hand(a, b, false).await,
            Change::Split { development, articles } => self.split_by_hand(development, articles).await,
            Change::Part { development } => self.part_unruled(development).await,
            Change::Wrong { alert, what, who, because } => self.said_wrong(alert, *what, who, because).await,
            Change::Right { alert } => self.said_right(alert).await,
            Change::Past { of, from } => self.past_by_hand(of, *from).await,
            Change::Rule { merges } => Ok(json!(self.carry_merges(merges).await?)),
        }
    }

    /// Carries what the watchlist says into the store: its merges, and who is watched under which id. To be done at the
    /// start, before anything is settled.
    ///
    /// # Errors
    /// Only when the store fails.
    pub async fn adopt_watchlist(&self) -> Result<(), StoreError> {
        self.resume_forgetting().await?;
        let _alone = self.deciding.lock().await;
        let watchlist = &self.settings.watchlist;
        self.carry_merges(&watchlist.rulings.merges).await?;
        let mut memory = self.store.watch_memory().await?;
        let before = memory.clone();
        let persons = watchlist.persons.iter().map(|p| (p.id.clone(), p.name.clone()));
        memory.names.extend(persons.chain(watchlist.bodies.iter().map(|b| (b.id.clone(), b.name.clone()))));
        memory.names.retain(|id, _| watchlist.current_id(id) == id.as_str());
        self.past_of_the_new(&mut memory, &before);
        if memory != before {
            self.store.commit_hand(HandCommit { memory: Some(memory), ..HandCommit::default() }).await?;
        }
        self.note_watchlist(watchlist, &self.settings.anonymity, SEEN_BY_SERVICE).await?;
        self.mask_delivered().await
    }

    async fn stored(&self, id: &DevelopmentId) -> Result<Development, AskError> {
        let found = self.store.development(id).await?;
        found.ok_or_else(|| AskError::Unknown(format!("no development {id}: `conductwatch timeline NAME` shows them")))
    }

    async fn keyed(&self, development: Development) -> Result<(Development, Vec<BlockingKey>), StoreError> {
        let article = match development.reports.first() {
            Some(report) => self.store.article(&report.article).await?,
            None => None,
        };
        let text = article.map(|r| r.article.text()).unwrap_or_default();
        let keys = by_hand::keys(&development, &text);
        Ok((development, keys))
    }

    fn by_hand(&self, id: &DevelopmentId, rule: &str, evidence: String) -> Decision {
        let subject = Subject::Development(id.clone());
        decision(subject, Stage::Settle, rule, Outcome::Passed, evidence, self.clock.now())
    }

    async fn merge_by_hand(&self, a: &DevelopmentId, b: &DevelopmentId, ruled: bool) -> Result<Value, AskError> {
        let (first, second) = (self.stored(a).await?, self.stored(b).await?);
        if first.id == second.id {
            return Ok(json!({ "development": first.id, "merged": null }));
        }
        let (stays, gone) = by_hand::merge(first, second, ruled);
        let (id, reports) = (stays.id.clone(), stays.reports.len());
        let rule = if ruled { "merged_by_watchlist" } else { "merged_by_hand" };
        let decisions = vec![self.by_hand(&id, rule, format!("{gone} is the same event"))];
        let developments = vec![self.keyed(stays).await?];
        let merged = vec![(gone.clone(), id.clone())];
        self.store.commit_hand(HandCommit { developments, merged, decisions, ..HandCommit::default() }).await?;
        Ok(json!({ "development": id, "merged": gone, "reports": reports }))
    }

    async fn split_by_hand(&self, id: &DevelopmentId, articles: &[ArticleId]) -> Result<Value, AskError> {
        let development = self.stored(id).await?;
        let (stays, own) = by_hand::split(development, articles).map_err(AskError::Unknown)?;
        let (id, new) = (stays.id.clone(), own.id.clone());
        let names: Vec<&str> = articles.iter().map(ArticleId::as_str).collect();
        let decisions = vec![
            self.by_hand(&id, "split_by_hand", format!("{} told another event, {new}", names.join(", "))),
            self.by_hand(&new, "split_by_hand", format!("out of {id}")),
        ];
        let developments = vec![self.keyed(stays).await?, self.keyed(own).await?];
        self.store.commit_hand(HandCommit { developments, decisions, ..HandCommit::default() }).await?;
        Ok(json!({ "development": id, "split": new }))
    }

    /// As [`Pipeline::part_by_hand`], unless the watchlist wants them to be one: then it would come again at the next start.
    async fn part_unruled(&self, id: &DevelopmentId) -> Result<Value, AskError> {
        let holder = self.stored(id).await?;
        if let Some(merged) = holder.by_hand.merged.iter().find(|m| m.was.id == *id && m.ruled) {
            let id = &merged.was.id;
            return Err(AskError::Unknown(format!(
                "{id} was merged by a [[merge]] of the watchlist: take that away, by `conductwatch alert wrong ALERT --undo`"
            )));
        }
        self.part_by_hand(id).await
    }

    async fn part_by_hand(&self, id: &DevelopmentId) -> Result<Value, AskError> {
        let holder = self.stored(id).await?;
        let from = holder.id.clone();
        let Some((stays, own)) = by_hand::part(holder, id) else {
            return Err(AskError::Unknown(format!("{id} was not merged into another development by hand")));
        };
        let decisions = vec![
            self.by_hand(&from, "parted_by_hand", format!("{id} is an event of its own again")),
            self.by_hand(id, "parted_by_hand", format!("from {from}")),
        ];
        let developments = vec![self.keyed(stays).await?, self.keyed(own).await?];
        let parted = vec![id.clone()];
        self.store.commit_hand(HandCommit { developments, parted, decisions, ..HandCommit::default() }).await?;
        Ok(json!({ "development": from, "parted": id }))
    }

    /// Does the merges that are not done yet, and undoes those that went. What cannot be done is logged and left.
    async fn carry_merges(&self, merges: &[Merge]) -> Result<WatchMemory, StoreError> {
        let mut memory = self.store.watch_memory().await?;
        let before = memory.merges.clone();
        for merge in merges {
            let Some((first, others)) = merge.developments.split_first() else { continue };
            for other in others {
                match self.merge_by_hand(first, other, true).await {
                    Ok(done) => {
                        let id = |key: &str| serde_json::from_value::<DevelopmentId>(done[key].clone()).ok();
                        memory.merges.extend(id("merged").zip(id("development")));
                    }
                    Err(AskError::Store(error)) => return Err(error),
                    Err(AskError::Unknown(why)) => tracing::warn!("a [[merge]] of the watchlist is left: {why}"),
                }
            }
        }
        let mut kept = Vec::new();
        for (young, old) in memory.merges {
            if merges.iter().any(|m| m.developments.contains(&young) || m.developments.contains(&old)) {
                kept.push((young, old));
            } else if let Err(AskError::Store(error)) = self.part_by_hand(&young).await {
                return Err(error);
            }
        }
        memory.merges = kept;
        if memory.merges != before {
            self.store.commit_hand(HandCommit { memory: Some(memory.clone()), ..HandCommit::default() }).await?;
        }
        Ok(memory)
    }

    async fn said_wrong(&self, id: &AlertId, what: Wrong, who: &str, because: &str) -> Result<Value, AskError> {
        let Some(alert) = self.store.alert(id).await? else {
            return Err(AskError::Unknown(format!("no alert {id}: `conductwatch alerts` lists all")));
        };
        let told = super::ask::told_in(self.store.as_ref(), id).await?;
        let withdrawn = if told.is_none() { vec![id.clone()] } else { Vec::new() };
        let now = self.clock.now();
        let about = |subject| decision(subject, Stage::Alert, what.rule(), Outcome::Stopped, because, now);
        let mut decisions = vec![about(Subject::Alert(id.clone()))];
        if let AlertKind::Development { development, .. } = &alert.content
            && let Some(stored) = self.store.development(development).await?
        {
            decisions.push(about(Subject::Development(stored.id)));
        }
        self.store.commit_hand(HandCommit { withdrawn, decisions, ..HandCommit::default() }).await?;
        let correction = told.is_some();
        if correction {
            self.correction_due(&alert, what, who).await?;
        }
        Ok(json!({ "alert": id, "told_in": told, "withdrawn": !correction }))
    }

    /// Everybody who was sent an alert that its user says is wrong is to be told so.
    async fn correction_due(&self, alert: &Alert, what: Wrong, who: &str) -> Result<(), StoreError> {
        tracing::info!(alert.id = %alert.id, "an alert that was told is wrong: {}", what.rule());
        let named = if who.is_empty() { alert.tracked_names.join(", ") } else { who.to_owned() };
        let reason = match what {
            Wrong::NotThem if named.is_empty() => "it is not about whom it named".to_owned(),
            Wrong::NotThem => format!("it is not about {named}"),
            Wrong::NotNew => "it was known before".to_owned(),
            Wrong::NotHappened => "it did not happen".to_owned(),
        };
        if let Some(correction) = self.correct_alert(&alert.id, &reason).await?
            && super::ask::told_in(self.store.as_ref(), &correction).await?.is_none()
        {
            // It may have been taken back since it was asked for.
            self.store.commit_hand(HandCommit { waiting: vec![correction], ..HandCommit::default() }).await?;
        }
        Ok(())
    }

    async fn said_right(&self, id: &AlertId) -> Result<Value, AskError> {
        if self.store.alert(id).await?.is_none() {
            return Err(AskError::Unknown(format!("no alert {id}: `conductwatch alerts` lists all")));
        }
        let told = super::ask::told_in(self.store.as_ref(), id).await?;
        let waiting = if told.is_none() { vec![id.clone()] } else { Vec::new() };
        // A correction that nobody was sent is not needed any more.
        let correction = crate::stages::revision::word_of_user(id);
        let unsent = super::ask::told_in(self.store.as_ref(), &correction).await?.is_none();
        let withdrawn = if unsent { vec![correction] } else { Vec::new() };
        let subject = Subject::Alert(id.clone());
        let taken_back = decision(subject, Stage::Alert, "said_right", Outcome::Passed, "taken back", self.clock.now());
        self.store
            .commit_hand(HandCommit { waiting, withdrawn, decisions: vec![taken_back], ..HandCommit::default() })
            .await?;
        Ok(json!({ "alert": id, "told_in": told }))
    }
}

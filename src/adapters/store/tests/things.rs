//! Things to store.

use super::*;
use crate::domain::ChannelId;
use crate::domain::{
    AlertKind, Article, Basis, Block, BlockKind, Certainty, DeliveryState, DevelopmentReport, DevelopmentType,
    DigestItem, DigestSection, EntityRef, Entry, EntryState, EventStage, Evidence, Extraction, FeedId, Level, Outcome,
    ParsedEntry, Receipt, Report, SourcesSummary, Span, Stage, Status,
};
use url::Url;

pub(super) fn feed(id: &str) -> FeedState {
    FeedState::new(FeedId::parse(id).unwrap())
}

pub(super) fn entry_id(id: &str) -> EntryId {
    EntryId::parse(id).unwrap()
}

pub(super) fn article_id(id: &str) -> ArticleId {
    ArticleId::parse(id).unwrap()
}

pub(super) fn development_id(id: &str) -> DevelopmentId {
    DevelopmentId::parse(id).unwrap()
}

pub(super) fn selected(due: i64) -> EntryState {
    EntryState::Selected { due: at(due), attempts: 0, headline_only: false }
}

pub(super) fn passed_over(reason: &str) -> EntryState {
    EntryState::PassedOver { reason: reason.to_owned() }
}

pub(super) fn done(article: &str) -> EntryState {
    EntryState::Done { article: article_id(article) }
}

pub(super) fn entry(id: &str, link: &str, seen: i64, state: EntryState) -> EntryRecord {
    let parsed = ParsedEntry {
        key: id.to_owned(),
        link: Url::parse(link).ok(),
        title: Some(format!("Title of {id}")),
        ..ParsedEntry::default()
    };
    let entry = Entry { id: entry_id(id), feed: FeedId::parse("herald").unwrap(), parsed, first_seen: at(seen) };
    EntryRecord { entry, state, catch_up: false, past_of: Vec::new() }
}

pub(super) fn poll(entries: Vec<EntryRecord>) -> PollCommit {
    PollCommit { feed: feed("herald"), entries, decisions: Vec::new() }
}

pub(super) fn article(id: &str, link: &str, published: Option<i64>, read: i64, sketch: &[u64]) -> ArticleRecord {
    let article = Article {
        id: Some(article_id(id)),
        url: Url::parse(link).ok(),
        headline: Some(format!("Headline of {id}")),
        published: published.map(at),
        blocks: vec![Block { kind: BlockKind::Paragraph, text: "An inspector was named. ".repeat(20) }],
        ..Article::default()
    };
    ArticleRecord {
        id: article_id(id),
        article,
        extraction: Extraction::default(),
        feed: Some(FeedId::parse("herald").unwrap()),
        read: at(read),
        sketch: sketch.to_vec(),
        catch_up: false,
        past_of: Vec::new(),
    }
}

pub(super) fn read(article: ArticleRecord) -> ArticleCommit {
    ArticleCommit { entry: None, article: Some(article), snapshot: None, decisions: Vec::new() }
}

pub(super) fn settled(article: &str, copies_of: &str) -> SettleCommit {
    SettleCommit {
        article: article_id(article),
        copies_of: article_id(copies_of),
        developments: Vec::new(),
        merged: Vec::new(),
        alerts: Vec::new(),
        recheck: None,
        doubts: Vec::new(),
        decisions: Vec::new(),
    }
}

fn evidence() -> Evidence {
    Evidence { text: "The inspector was charged.".to_owned(), span: Span::new(0, 26), marks: vec![Span::new(4, 13)] }
}

pub(super) fn development(id: &str, article: &str, who: &str, date: Option<&str>, seen: i64) -> Development {
    let report = Report {
        kind: DevelopmentType::Charge,
        who: vec![EntityRef { id: who.to_owned(), name: who.to_owned(), watched: true }],
        body: Vec::new(),
        about: Vec::new(),
        unnamed: Vec::new(),
        date: date.map(|d| d.parse().unwrap()),
        status: Status::New,
        stage: EventStage::Done,
        detail: "misconduct in public office".to_owned(),
        evidence: evidence(),
        certainty: Certainty::SURE,
        trace: Vec::new(),
    };
    Development {
        id: development_id(id),
        kind: DevelopmentType::Charge,
        story: None,
        stage: EventStage::Done,
        date: report.date,
        reports: vec![DevelopmentReport {
            article: article_id(article),
            index: 0,
            report,
            at: at(seen),
            outlet: None,
            agency: None,
            url: None,
            copies_of: article_id(article),
            rare_words: Vec::new(),
            grounds: Vec::new(),
        }],
        merged: Vec::new(),
        alerted: Vec::new(),
        first_seen: at(seen),
        by_hand: crate::domain::ByHand::default(),
    }
}

pub(super) fn alert(id: &str, article: &str, raised: i64) -> Alert {
    Alert {
        id: AlertId::parse(id).unwrap(),
        content: AlertKind::Keyword { keyword: "tasers".to_owned() },
        level: Level::Minor,
        tracked: Vec::new(),
        tracked_names: Vec::new(),
        story: None,
        article: article_id(article),
        headline: "Headline".to_owned(),
        url: None,
        outlet: None,
        published: None,
        basis: Basis::Page,
        evidence: evidence(),
        raised: at(raised),
        catch_up: false,
        corrects: Vec::new(),
        held: false,
        cautions: Vec::new(),
        past_of: Vec::new(),
    }
}

pub(super) fn digest(id: &str, alerts: &[Alert]) -> Digest {
    let items = alerts.iter().map(|alert| DigestItem {
        alert: alert.clone(),
        articles: 1,
        independent_sources: 1,
        with: Vec::new(),
        amended_since: false,
        elsewhere: Vec::new(),
        also_about: Vec::new(),
    });
    Digest {
        id: DigestId::parse(id).unwrap(),
        subject: format!("Subject of {id}"),
        from: at(0),
        to: at(100),
        zone: "Europe/London".to_owned(),
        notices: Vec::new(),
        overview: Vec::new(),
        corrections: Vec::new(),
        flood: None,
        sections: vec![DigestSection {
            id: "tasers".to_owned(),
            title: "Tasers".to_owned(),
            keyword: true,
            stories: Vec::new(),
            minor: items.collect(),
        }],
        doubts: Vec::new(),
        articles_read: 1,
        sources: SourcesSummary::default(),
    }
}

pub(super) fn delivery(digest: &str, channel: &str, state: DeliveryState) -> Delivery {
    let (digest, channel) = (DigestId::parse(digest).unwrap(), ChannelId::parse(channel).unwrap());
    Delivery { state, ..Delivery::new(digest, channel, jiff::Timestamp::UNIX_EPOCH) }
}

/// A decision about an attempt to deliver `digest`.
pub(super) fn tried(digest: &str) -> Decision {
    decision(Subject::Digest(crate::domain::DigestId::parse(digest).unwrap()), "tried", 9)
}

pub(super) fn pending(due: i64) -> DeliveryState {
    DeliveryState::Pending { due: at(due) }
}

pub(super) fn sent(second: i64) -> DeliveryState {
    DeliveryState::Sent { receipt: Receipt { at: at(second), answer: "250 taken".to_owned(), receivers: Vec::new() } }
}

pub(super) fn digested(digest: Option<Digest>, alerts: &[&str], deliveries: Vec<Delivery>, until: i64) -> DigestCommit {
    DigestCommit {
        digest,
        also: Vec::new(),
        alerts: alerts.iter().map(|a| AlertId::parse(a).unwrap()).collect(),
        deliveries,
        covered_until: at(until),
        decisions: Vec::new(),
    }
}

pub(super) fn decision(subject: Subject, rule: &str, second: i64) -> Decision {
    Decision {
        subject,
        stage: Stage::Select,
        rule: rule.to_owned(),
        outcome: Outcome::Passed,
        evidence: String::new(),
        at: at(second),
    }
}

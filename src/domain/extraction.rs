//! What is found in one article: mentions, quotes, keyword hits and reports.

use super::{PartialDate, Span};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

macro_rules! development_types {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $label:literal;)+) => {
        /// The types of developments, as the taxonomy has them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum DevelopmentType {
            $($(#[$doc])* $name,)+
        }

        impl DevelopmentType {
            /// All types, in the taxonomy's order.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The type's identifier in every file and JSON.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }

            /// The type's name for people.
            pub const fn label(self) -> &'static str {
                match self { $(Self::$name => $label),+ }
            }
        }
    };
}

development_types! {
    /// Arrested, detained or held on suspicion.
    Arrest = "arrest", "Arrest";
    /// Charged, summonsed, indicted.
    Charge = "charge", "Charge";
    /// A plea is entered.
    Plea = "plea", "Plea";
    /// A trial starts, stops or is fixed.
    Trial = "trial", "Trial";
    /// Found guilty by a criminal court.
    Conviction = "conviction", "Conviction";
    /// Found not guilty by a criminal court.
    Acquittal = "acquittal", "Acquittal";
    /// Sentence passed.
    Sentence = "sentence", "Sentence";
    /// An appeal is lodged, heard or decided.
    Appeal = "appeal", "Appeal";
    /// Suspended from duty.
    Suspension = "suspension", "Suspension";
    /// A misconduct hearing is announced, begins or is adjourned.
    MisconductHearing = "misconduct_hearing", "Misconduct hearing";
    /// Misconduct is found, or a case to answer.
    MisconductFinding = "misconduct_finding", "Misconduct finding";
    /// Allegations not proven in discipline.
    MisconductCleared = "misconduct_cleared", "Cleared of misconduct";
    /// Dismissed, or would have been, as a formal finding.
    Dismissal = "dismissal", "Dismissal";
    /// Resigns, retires, stands down.
    Resignation = "resignation", "Resignation";
    /// Appointed, promoted, takes office.
    Appointment = "appointment", "Appointment";
    /// A vetting decision.
    Vetting = "vetting", "Vetting";
    /// A complaint is made, rejected, upheld or reviewed.
    Complaint = "complaint", "Complaint";
    /// A matter is referred to a watchdog.
    Referral = "referral", "Referral";
    /// An investigation starts, widens or is disclosed.
    InvestigationOpened = "investigation_opened", "Investigation";
    /// An investigation ends without charge or finding.
    InvestigationClosed = "investigation_closed", "Investigation closed";
    /// A report, inspection or findings appear.
    ReportPublished = "report_published", "Report";
    /// Formal recommendations are made.
    Recommendation = "recommendation", "Recommendation";
    /// A force enters, stays in or leaves special measures.
    SpecialMeasures = "special_measures", "Special measures";
    /// An inquest opens, finds or concludes.
    Inquest = "inquest", "Inquest";
    /// A public or independent inquiry is announced, opens or reports.
    Inquiry = "inquiry", "Inquiry";
    /// A death during or after police contact.
    DeathAfterContact = "death_after_contact", "Death after police contact";
    /// A civil claim or judicial review.
    LegalAction = "legal_action", "Legal action";
    /// A claim ends by agreement or payment.
    Settlement = "settlement", "Settlement";
    /// A rule, practice or equipment decision is adopted.
    PolicyChange = "policy_change", "Policy change";
    /// An apology.
    Apology = "apology", "Apology";
    /// Criticism, denial, warning, call, praise or refusal by a named speaker.
    Statement = "statement", "Statement";
    /// An organisation, campaign or scheme is launched.
    Launch = "launch", "Launch";
    /// March, vigil, demonstration.
    Protest = "protest", "Protest";
    /// The publisher withdraws or amends what it had printed.
    Correction = "correction", "Correction";
    /// The underlying act or crime.
    Incident = "incident", "Incident";
}

impl DevelopmentType {
    /// Whether an alert of it is minor: words about events, not an event.
    pub const fn is_minor(self) -> bool {
        matches!(self, Self::Statement | Self::Correction)
    }
}

impl fmt::Display for DevelopmentType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for DevelopmentType {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .iter()
            .copied()
            .find(|t| t.as_str() == text)
            .ok_or_else(|| format!("no such type of development: {text:?}"))
    }
}

/// Person, body or place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntityKind {
    /// A human being.
    Person,
    /// An organisation.
    Body,
    /// A place.
    Place,
}

/// Someone or something that an article names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entity {
    /// Watchlist id, else gazetteer id, else the fullest name in the article. Mentions and reports refer to it.
    pub key: String,
    /// Name for people: the watchlist's, the gazetteer's, or the fullest in the article.
    pub name: String,
    /// What it is.
    pub kind: EntityKind,
    /// Whether the watchlist has it.
    pub watched: bool,
    /// The role the text gives ("deputy chief constable of Warwickshire Police").
    pub role: Option<String>,
    /// Keys of bodies the text says he or she belongs to.
    pub bodies: Vec<String>,
    /// Watchlist ids it may be, where the text does not tell which (then `watched` is false).
    pub candidates: Vec<String>,
}

/// A span that names or stands for an entity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mention {
    /// Where, in the article's text.
    pub span: Span,
    /// What it is.
    pub kind: EntityKind,
    /// [`Entity::key`] of the entity.
    pub entity: String,
    /// Whether it is a description without the name ("the force").
    pub nominal: bool,
    /// Name of the rule that gave it.
    pub rule: String,
}

/// A quoted run of words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// The words, without the outer marks.
    pub text: String,
    /// Where the words are.
    pub span: Span,
    /// [`Entity::key`] of the speaker, if the text tells.
    pub speaker: Option<String>,
    /// Runs of one utterance share a group.
    pub group: u32,
    /// Whether it is a fragment of a few words.
    pub partial: bool,
    /// Name of the rule that gave the speaker.
    pub rule: String,
}

/// A watched keyword that stands in an article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeywordHit {
    /// The keyword's id.
    pub keyword: String,
    /// The sentence or headline it stands in.
    pub sentence: String,
    /// The words that matched, within `sentence`.
    pub marks: Vec<Span>,
}

/// A reference from a report to an entity.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct EntityRef {
    /// [`Entity::key`].
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Whether the watchlist has it.
    #[serde(default)]
    pub watched: bool,
}

/// An unnamed participant: "a 29-year-old constable based at Harrow" is someone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Descriptor {
    /// The words.
    pub text: String,
    /// Rank ("constable").
    pub rank: Option<String>,
    /// Age in years.
    pub age: Option<u8>,
    /// How many people it stands for, where the words say so.
    pub count: Option<u32>,
    /// "m" or "f", where the words say so.
    pub sex: Option<String>,
    /// Station or place.
    pub place: Option<String>,
}

/// How far an event has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventStage {
    /// Someone says so; not established.
    Alleged,
    /// Fixed for a date to come.
    Announced,
    /// Under way.
    Begun,
    /// Happened.
    #[default]
    Done,
    /// Taken back.
    Withdrawn,
}

/// Whether the article brings the event or recalls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// What this article brings.
    New,
    /// What it recalls to explain.
    Background,
}

/// The sentence that tells an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The sentence, an exact substring of the article's text.
    pub text: String,
    /// Where it stands in the article's text.
    pub span: Span,
    /// Mentions of the watched within `text`.
    pub marks: Vec<Span>,
}

/// Of what the program is sure. Only a report sure in all three may raise a major alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certainty {
    /// That the text asserts the event.
    pub asserted: bool,
    /// When it was.
    pub dated: bool,
    /// To whom it happened.
    pub attributed: bool,
}

impl Certainty {
    /// Sure in everything.
    pub const SURE: Self = Self { asserted: true, dated: true, attributed: true };

    /// Whether all three hold.
    pub const fn is_sure(self) -> bool {
        self.asserted && self.dated && self.attributed
    }

    /// The first thing that is not sure, to follow "not sure"; `None` where all are.
    pub const fn unsure_of(self) -> Option<&'static str> {
        match self {
            Self { asserted: false, .. } => Some("that it happened"),
            Self { dated: false, .. } => Some("when it happened"),
            Self { attributed: false, .. } => Some("to whom it happened"),
            _ => None,
        }
    }
}

/// A rule that took part in a finding, and the words it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trace {
    /// Stable name of the rule.
    pub rule: String,
    /// The words.
    pub words: String,
}

/// One article's account of an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// What kind of event.
    #[serde(rename = "type")]
    pub kind: DevelopmentType,
    /// Persons it happens to, or who do it.
    pub who: Vec<EntityRef>,
    /// Bodies that act or are concerned.
    pub body: Vec<EntityRef>,
    /// Whom it is aimed at.
    pub about: Vec<EntityRef>,
    /// Participants without a name.
    pub unnamed: Vec<Descriptor>,
    /// When it happened, as precise as the text allows.
    pub date: Option<PartialDate>,
    /// New or recalled.
    pub status: Status,
    /// How far it has come.
    pub stage: EventStage,
    /// What is special to the type (length of a sentence, offence, post), in words near the text's.
    pub detail: String,
    /// The sentence that tells it.
    pub evidence: Evidence,
    /// Of what the program is sure.
    pub certainty: Certainty,
    /// The rules that made it.
    pub trace: Vec<Trace>,
}

impl Report {
    /// Everyone and everything it refers to: `who`, `body`, `about`.
    pub fn entities(&self) -> impl Iterator<Item = &EntityRef> {
        self.who.iter().chain(&self.body).chain(&self.about)
    }
}

/// What could not be told: kept for the digest's foot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doubt {
    /// What it would have been.
    #[serde(rename = "type")]
    pub kind: Option<DevelopmentType>,
    /// Watched ids it may concern.
    pub concerns: Vec<String>,
    /// The sentence.
    pub evidence: String,
    /// Why it could not be told, for people.
    pub reason: String,
}

/// Everything found in one article.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extraction {
    /// Version of the rules that found it.
    pub extractor_version: u32,
    /// Why nothing was looked for, if so ("language: cy").
    pub skipped: Option<String>,
    /// Who is named.
    pub entities: Vec<Entity>,
    /// Where they are named.
    pub mentions: Vec<Mention>,
    /// Who said what.
    pub quotes: Vec<Quote>,
    /// Watched keywords.
    pub keyword_hits: Vec<KeywordHit>,
    /// What is reported.
    pub reports: Vec<Report>,
    /// What could not be told.
    pub doubts: Vec<Doubt>,
}

impl Extraction {
    /// The entity with `key`.
    pub fn entity(&self, key: &str) -> Option<&Entity> {
        self.entities.iter().find(|e| e.key == key)
    }
}

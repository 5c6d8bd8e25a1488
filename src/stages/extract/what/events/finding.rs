//! An event as one clause tells it, before tellings are merged.

use super::*;

/// An event as one clause tells it.
#[derive(Debug, Clone)]
pub(in crate::stages::extract::what) struct Finding {
    pub(in crate::stages::extract::what) kind: DevelopmentType,
    pub(in crate::stages::extract::what) who: Vec<usize>,
    pub(in crate::stages::extract::what) unnamed: Vec<Unnamed>,
    pub(in crate::stages::extract::what) body: Vec<String>,
    pub(in crate::stages::extract::what) about: Vec<usize>,
    pub(in crate::stages::extract::what) about_bodies: Vec<String>,
    pub(in crate::stages::extract::what) sentence: usize,
    pub(in crate::stages::extract::what) date: Option<PartialDate>,
    /// A word like "today" or "yesterday" stands with it.
    pub(in crate::stages::extract::what) fresh: bool,
    pub(in crate::stages::extract::what) fact: Fact,
    pub(in crate::stages::extract::what) stage: EventStage,
    pub(in crate::stages::extract::what) detail: String,
    pub(in crate::stages::extract::what) rule: String,
    pub(in crate::stages::extract::what) words: String,
    /// Votes for new (above 0) or background, where the date does not tell.
    pub(in crate::stages::extract::what) vote: i32,
    pub(in crate::stages::extract::what) quoted: bool,
    /// The clause in its sentence.
    pub(in crate::stages::extract::what) clause: usize,
    /// Told in a main clause, or in what is said.
    pub(in crate::stages::extract::what) main: bool,
    pub(in crate::stages::extract::what) pluperfect: bool,
    /// What was found is a thing, not a person: "a relationship was found to be gross misconduct".
    pub(in crate::stages::extract::what) object_subject: bool,
    /// The article is a list whose cases are all its news.
    pub(in crate::stages::extract::what) listed: bool,
    /// Told in a clause on the side: "after …", "who …".
    pub(in crate::stages::extract::what) aside: bool,
    /// Recalled, though its date is near.
    pub(in crate::stages::extract::what) recalled: bool,
    /// 1 where it begins, 2 where it ends, 0 where the words do not tell.
    pub(in crate::stages::extract::what) phase: u8,
}

impl Finding {
    /// An asserted finding without participants.
    pub(in crate::stages::extract::what) fn blank(kind: DevelopmentType, sentence: usize, clause: usize) -> Self {
        Self {
            kind,
            who: Vec::new(),
            unnamed: Vec::new(),
            body: Vec::new(),
            about: Vec::new(),
            about_bodies: Vec::new(),
            sentence,
            date: None,
            fresh: false,
            fact: Fact::Asserted,
            stage: EventStage::Done,
            detail: String::new(),
            rule: String::new(),
            words: String::new(),
            vote: 0,
            quoted: false,
            clause,
            main: true,
            pluperfect: false,
            object_subject: false,
            listed: false,
            aside: false,
            recalled: false,
            phase: 0,
        }
    }
}

/// Types told by a verb and what it gives or brings: an object that is none of it denies them.
pub(super) fn befalls(kind: DevelopmentType) -> bool {
    use DevelopmentType as T;
    matches!(
        kind,
        T::Arrest
            | T::Charge
            | T::Trial
            | T::Sentence
            | T::Suspension
            | T::MisconductHearing
            | T::MisconductFinding
            | T::Dismissal
            | T::Resignation
            | T::Appointment
            | T::Vetting
            | T::Complaint
            | T::Referral
            | T::Inquiry
            | T::Settlement
            | T::Apology
            | T::Recommendation
    )
}

/// Whether the words tell the beginning or the end of what takes long.
pub(super) fn phase(kind: DevelopmentType, lemma: &str, after: &[Sought<'_>]) -> u8 {
    use DevelopmentType as T;
    match kind {
        T::MisconductFinding => 2 - u8::from(standing::any(after, phrases!("case to answer"))),
        // Put under them, kept there, let out of them.
        T::SpecialMeasures => match lemma {
            "place" | "move" | "put" | "enter" | "plunge" | "escalate" | "fall" | "slip" | "sink" | "slide" => 1,
            "remain" | "stay" | "keep" | "hold" => 3,
            "leave" | "remove" | "release" | "lift" | "exit" | "emerge" | "free" | "discharge" | "graduate" => 2,
            _ => 0,
        },
        T::Inquest | T::Inquiry | T::Complaint | T::LegalAction | T::Trial | T::Appeal => match lemma {
            "open" | "begin" | "start" | "launch" | "lodge" | "announce" | "order" | "make" | "file" | "submit"
            | "bring" | "issue" | "ask" | "sue" | "apply" | "seek" | "establish" | "set" | "complain" | "hold" => 1,
            "find" | "conclude" | "return" | "record" | "reject" | "uphold" | "dismiss" | "refuse" | "allow"
            | "rule" | "publish" | "win" | "lose" | "quash" | "overturn" | "reinstate" | "put" | "grant" | "fail"
            | "withdraw" | "report" | "say" | "tell" | "let" => 2,
            _ => 0,
        },
        _ => 0,
    }
}

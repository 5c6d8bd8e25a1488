//! Who must not be named, and what an alert may have to do with that.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Why somebody must not be named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AnonymityReason {
    /// The victim of a sexual offence, from the allegation on, for life.
    ///
    /// Source: Sexual Offences (Amendment) Act 1992, section 1.
    SexualOffenceVictim,
    /// A child or young person before a youth court, or whom another court protects.
    ///
    /// Source: Children and Young Persons Act 1933, section 49; Youth Justice and Criminal Evidence Act 1999, section 45.
    YouthCourt,
    /// A court has ordered it.
    CourtOrder,
}

impl AnonymityReason {
    /// All reasons.
    pub const ALL: [Self; 3] = [Self::SexualOffenceVictim, Self::YouthCourt, Self::CourtOrder];

    /// Its name in the configuration.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SexualOffenceVictim => "sexual-offence-victim",
            Self::YouthCourt => "youth-court",
            Self::CourtOrder => "court-order",
        }
    }

    /// What stands in the place of the name where nothing else is given.
    pub const fn mask(self) -> &'static str {
        match self {
            Self::SexualOffenceVictim => "a complainant",
            Self::YouthCourt => "a young person",
            Self::CourtOrder => "a person who must not be named",
        }
    }

    /// Whether it ends at no day.
    pub const fn is_lifelong(self) -> bool {
        matches!(self, Self::SexualOffenceVictim)
    }
}

/// Somebody who must not be named: an `[[anonymity]]` of the configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anonymity {
    /// The name.
    pub name: String,
    /// Other forms of it.
    pub aliases: Vec<String>,
    /// Why.
    pub reason: AnonymityReason,
    /// The last day on which it holds; `None`: for good.
    pub until: Option<Date>,
    /// What stands in the place of the name.
    pub mask: String,
}

impl Anonymity {
    /// Whether it holds on `day`.
    pub fn holds_on(&self, day: Date) -> bool {
        self.until.is_none_or(|until| day <= until)
    }
}

/// What a reader must beware of before he or she publishes what an alert tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Caution {
    /// The article tells of a sexual offence and names whom it may have been done to.
    NamesComplainant,
    /// The article tells of a youth court, or of somebody who cannot be named.
    YouthCourt,
    /// Proceedings in the matter are active.
    ///
    /// Source: Contempt of Court Act 1981, section 2 and Schedule 1.
    ActiveProceedings,
}

impl Caution {
    /// For people.
    pub const fn words(self) -> &'static str {
        match self {
            Self::NamesComplainant => {
                "May be subject to anonymity: the article names a complainant in a sexual case (Sexual Offences (Amendment) Act 1992)."
            }
            Self::YouthCourt => {
                "May be subject to anonymity: the article tells of a youth court or of reporting restrictions (Children and Young Persons Act 1933, s 49; Youth Justice and Criminal Evidence Act 1999, s 45)."
            }
            Self::ActiveProceedings => "Proceedings are active: Contempt of Court Act 1981.",
        }
    }
}

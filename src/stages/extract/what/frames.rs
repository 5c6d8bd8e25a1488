//! Frames and factuality, from `config/frames/` and `config/factuality.toml`.

use super::phrases::Phrases;
use crate::domain::{DevelopmentType, EventStage};
use foldhash::HashMap;
use serde::Deserialize;
use std::borrow::Cow;

/// Words before a noun of event that tell none, and verbs that ask for it, fear it or deny it.
const NOT_TOLD: &str = "call for|calls for|demand for|demands for|calling for|no|any|possible|alleged|threat of|risk of|prospect of|without|avoid|avoided|against|instead of|if|pending|fear of|appeal against|seeking|seek|next|future|guilty|record|short of|warrant for|wanted";
const ASKS: &str = "call|demand|urge|seek|want|consider|face|risk|avoid|deny|threaten|oppose|fear|recommend|propose|quash|overturn|appeal|challenge|uphold|expect|await|predict|resist|contest|prevent|block|refuse|rule|ask|petition|confirm";

/// Verbs that tell when what a noun names came about: "his appointment was announced", "her plea, entered in January".
const TELLS: &str =
    "follow|come|decide|announce|enter|make|hand|give|happen|take|agree|approve|impose|order|reveal|emerge";

/// Whether `lemma` tells when what its subject names came about.
pub(super) fn tells(lemma: &str) -> bool {
    TELLS.split('|').any(|v| v == lemma)
}

/// What to do with an event that is to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Planned {
    /// It is a development now.
    Keep,
    /// Only with a fixed date.
    Dated,
    /// It is none.
    #[default]
    Drop,
}

/// The data files, in the order of the life of a matter.
const FILES: [&str; 8] = [
    include_str!("../../../../config/frames/charges.toml"),
    include_str!("../../../../config/frames/verdicts.toml"),
    include_str!("../../../../config/frames/misconduct.toml"),
    include_str!("../../../../config/frames/employment.toml"),
    include_str!("../../../../config/frames/investigations.toml"),
    include_str!("../../../../config/frames/oversight.toml"),
    include_str!("../../../../config/frames/public.toml"),
    include_str!("../../../../config/frames/releases.toml"),
];

/// Words that mean the same to a frame, by the name that "@name" gives them in the data files.
struct Lists(HashMap<String, String>);

impl Lists {
    /// The built-in lists.
    fn new() -> Self {
        #[expect(clippy::expect_used, reason = "the file is embedded; a test reads it")]
        let lists = toml::from_str(include_str!("../../../../config/frames/lists.toml"))
            .expect("config/frames/lists.toml is well formed");
        Self(lists)
    }

    /// `phrases` with each "@name" written out.
    fn expand<'a>(&self, phrases: &'a str) -> Cow<'a, str> {
        if !phrases.contains('@') {
            return phrases.into();
        }
        let each = phrases.split('|').map(|phrase| match phrase.strip_prefix('@') {
            #[expect(clippy::expect_used, reason = "the files are embedded; a test reads them")]
            Some(name) => self.0.get(name).expect("config/frames names lists that exist").as_str(),
            None => phrase,
        });
        each.collect::<Vec<_>>().join("|").into()
    }

    fn phrases(&self, phrases: &str) -> Phrases {
        Phrases::parse(&self.expand(phrases))
    }
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
struct FrameFile {
    frame: Vec<RawFrame>,
    noun: Vec<RawNoun>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct RawFrame {
    #[serde(rename = "type")]
    kind: String,
    verb: String,
    voice: String,
    subj: String,
    obj: String,
    subjobj: String,
    has: String,
    sentence: String,
    also: String,
    unless: String,
    not: String,
    who: String,
    body: String,
    about: String,
    planned: Planned,
    stage: Option<EventStage>,
    would: bool,
    negative: bool,
    notneg: bool,
    quoted: bool,
    must: bool,
    #[serde(flatten)]
    gates: Gates,
}

/// Conditions beyond the clause.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default)]
pub(super) struct Gates {
    pub(super) needs_court: bool,
    pub(super) criminal: bool,
    pub(super) discipline: bool,
    pub(super) duty: bool,
    pub(super) job: bool,
    pub(super) post: bool,
    pub(super) watchdog: bool,
    pub(super) oversight: bool,
    pub(super) cps: bool,
    pub(super) inquest: bool,
    pub(super) public: bool,
    pub(super) contact: bool,
    pub(super) civil: bool,
    pub(super) payer: bool,
    pub(super) rule: bool,
    pub(super) conduct: bool,
    pub(super) act: bool,
    pub(super) progressive: bool,
    pub(super) by_police: bool,
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
struct RawNoun {
    #[serde(rename = "type")]
    kind: String,
    noun: String,
    of: String,
    has: String,
    owned: bool,
    not: String,
    barred: String,
    official: bool,
    hurt: bool,
}

/// A frame for verbs.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) kind: DevelopmentType,
    /// Name for the trace.
    pub(super) name: String,
    pub(super) passive: Option<bool>,
    pub(super) subj: Phrases,
    pub(super) obj: Phrases,
    pub(super) subjobj: Phrases,
    pub(super) has: Phrases,
    /// One of which must stand anywhere in the sentence.
    pub(super) sentence: Phrases,
    /// One of which must stand there besides.
    pub(super) also: Phrases,
    /// None of which may stand there.
    pub(super) unless: Phrases,
    pub(super) not: Phrases,
    pub(super) who: Vec<String>,
    pub(super) body: Vec<String>,
    pub(super) about: Vec<String>,
    pub(super) planned: Planned,
    pub(super) stage: EventStage,
    /// "would have been dismissed" counts where a panel finds so.
    pub(super) would: bool,
    /// It is told by a negated verb ("was not proven").
    pub(super) negative: bool,
    /// A negation inside the phrase is its own ("no further action").
    pub(super) notneg: bool,
    /// It is said in the first person, within a quotation.
    pub(super) quoted: bool,
    /// It is told by "must": "the force must submit a plan".
    pub(super) must: bool,
    pub(super) gates: Gates,
}

/// A frame for nouns.
#[derive(Debug)]
pub(super) struct NounFrame {
    pub(super) kind: DevelopmentType,
    /// Role of what follows "of".
    pub(super) of: String,
    pub(super) has: Phrases,
    /// The person owns the noun or follows "of".
    pub(super) owned: bool,
    /// Words before the noun that make it none.
    pub(super) not: Phrases,
    /// Verbs that ask for it, fear it or deny it.
    pub(super) barred: Phrases,
    /// Officials of the police world count.
    pub(super) official: bool,
    /// It befalls a member of the public.
    pub(super) hurt: bool,
}

/// What an embedding does to an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Effect {
    /// It did not happen.
    Negate,
    /// Someone says so.
    Claim,
    /// It is asked for.
    Want,
    /// It is to come.
    Plan,
    /// It is open.
    Doubt,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FactFile {
    signature: Vec<RawSignature>,
    modals: Modals,
    conditions: Conditions,
    decisions: Decisions,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSignature {
    effect: Effect,
    links: String,
    verbs: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Modals {
    doubt: String,
    unreal: String,
    plan: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Conditions {
    openers: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Decisions {
    verbs: String,
    acts: String,
}

/// The signatures of embedding words.
#[derive(Debug)]
pub(super) struct Factuality {
    /// By link ("to", "that", "ing"), then by verb.
    signatures: HashMap<String, HashMap<String, Effect>>,
    doubt: Vec<String>,
    unreal: Vec<String>,
    plan: Vec<String>,
    openers: Vec<String>,
    decides: Vec<String>,
    decided: Vec<String>,
}

impl Factuality {
    /// Whether `verb` tells that something was decided.
    pub(super) fn decides(&self, verb: &str) -> bool {
        self.decides.iter().any(|v| v == verb)
    }

    /// Whether `verb` tells what is done by being decided.
    pub(super) fn decided(&self, verb: &str) -> bool {
        self.decided.iter().any(|v| v == verb)
    }

    /// What `verb` does to what hangs on it by `link` ("to", "that", "ing").
    pub(super) fn effect(&self, verb: &str, link: &str) -> Option<Effect> {
        self.signatures.get(link)?.get(verb).copied()
    }

    pub(super) fn modal_doubts(&self, modal: &str) -> bool {
        self.doubt.iter().any(|m| m == modal)
    }

    pub(super) fn modal_unreal(&self, modal: &str) -> bool {
        self.unreal.iter().any(|m| m == modal)
    }

    pub(super) fn modal_plans(&self, modal: &str) -> bool {
        self.plan.iter().any(|m| m == modal)
    }

    pub(super) fn opens_condition(&self, word: &str) -> bool {
        self.openers.iter().any(|m| m == word)
    }
}

/// A frame that a lemma may tell.
#[derive(Debug)]
struct Told {
    /// Its index.
    frame: usize,
    /// What must follow the verb: one of these sequences of words.
    particles: Vec<Vec<String>>,
}

/// All frames, by lemma.
#[derive(Debug)]
pub(super) struct Frames {
    pub(super) frames: Vec<Frame>,
    nouns: Vec<NounFrame>,
    by_lemma: HashMap<String, Vec<Told>>,
    by_noun: HashMap<String, Vec<usize>>,
    pub(super) fact: Factuality,
}

fn list(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

impl Frames {
    /// The built-in frames.
    pub(super) fn new() -> Self {
        #[expect(clippy::expect_used, reason = "the files are embedded; a test reads them")]
        let fact: FactFile = toml::from_str(include_str!("../../../../config/factuality.toml"))
            .expect("config/factuality.toml is well formed");
        let lists = Lists::new();
        let mut file = FrameFile::default();
        for text in FILES {
            #[expect(clippy::expect_used, reason = "the files are embedded; a test reads them")]
            let part: FrameFile = toml::from_str(text).expect("config/frames is well formed");
            file.frame.extend(part.frame);
            file.noun.extend(part.noun);
        }
        #[expect(clippy::expect_used, reason = "the files are embedded; a test reads them")]
        let kind = |text: &str| text.parse::<DevelopmentType>().expect("config/frames names types that exist");
        let mut frames = Vec::new();
        let mut by_lemma: HashMap<String, Vec<Told>> = HashMap::default();
        for raw in file.frame {
            let verbs = lists.expand(&raw.verb);
            for entry in verbs.split('|') {
                let mut words = entry.split_whitespace().map(str::to_owned);
                let Some(lemma) = words.next() else { continue };
                let list = by_lemma.entry(lemma).or_default();
                if list.last().is_none_or(|told| told.frame != frames.len()) {
                    list.push(Told { frame: frames.len(), particles: Vec::new() });
                }
                if let Some(told) = list.last_mut() {
                    told.particles.push(words.collect());
                }
            }
            let name = format!("frame.{}.{}", raw.kind, verbs.split('|').next().unwrap_or("").replace(' ', "-"));
            frames.push(Frame {
                kind: kind(&raw.kind),
                name,
                passive: match raw.voice.as_str() {
                    "passive" => Some(true),
                    "active" => Some(false),
                    _ => None,
                },
                subj: lists.phrases(&raw.subj),
                obj: lists.phrases(&raw.obj),
                subjobj: lists.phrases(&raw.subjobj),
                has: lists.phrases(&raw.has),
                sentence: lists.phrases(&raw.sentence),
                also: lists.phrases(&raw.also),
                unless: lists.phrases(&raw.unless),
                not: lists.phrases(&raw.not),
                who: list(&raw.who),
                body: list(&raw.body),
                about: list(&raw.about),
                planned: raw.planned,
                stage: raw.stage.unwrap_or_default(),
                would: raw.would,
                negative: raw.negative,
                notneg: raw.notneg,
                quoted: raw.quoted,
                must: raw.must,
                gates: raw.gates,
            });
        }
        let mut nouns = Vec::new();
        let mut by_noun: HashMap<String, Vec<usize>> = HashMap::default();
        for raw in file.noun {
            for noun in raw.noun.split('|') {
                let list = by_noun.entry(noun.to_owned()).or_default();
                if list.last() != Some(&nouns.len()) {
                    list.push(nouns.len());
                }
            }
            nouns.push(NounFrame {
                kind: kind(&raw.kind),
                of: raw.of,
                has: lists.phrases(&raw.has),
                owned: raw.owned,
                not: Phrases::parse(if raw.not.is_empty() && raw.owned { NOT_TOLD } else { &raw.not }),
                barred: Phrases::parse(if raw.barred.is_empty() && raw.owned { ASKS } else { &raw.barred }),
                official: raw.official,
                hurt: raw.hurt,
            });
        }
        let mut signatures: HashMap<String, HashMap<String, Effect>> = HashMap::default();
        for raw in fact.signature {
            for link in raw.links.split_whitespace() {
                for verb in raw.verbs.split_whitespace() {
                    signatures.entry(link.to_owned()).or_default().insert(verb.to_owned(), raw.effect);
                }
            }
        }
        Self {
            frames,
            nouns,
            by_lemma,
            by_noun,
            fact: Factuality {
                signatures,
                doubt: list(&fact.modals.doubt),
                unreal: list(&fact.modals.unreal),
                plan: list(&fact.modals.plan),
                openers: list(&fact.conditions.openers),
                decides: list(&fact.decisions.verbs),
                decided: list(&fact.decisions.acts),
            },
        }
    }

    /// The frames that `lemma` may tell, each with the sequences of words one of which must follow the verb.
    pub(super) fn of(&self, lemma: &str) -> impl Iterator<Item = (&Frame, &[Vec<String>])> {
        let told = self.by_lemma.get(lemma).into_iter().flatten();
        told.filter_map(|told| Some((self.frames.get(told.frame)?, &told.particles[..])))
    }

    /// The frames that the noun `head` may tell.
    pub(super) fn told_by(&self, head: &str) -> impl Iterator<Item = &NounFrame> + Clone {
        self.by_noun.get(head).into_iter().flatten().filter_map(|&i| self.nouns.get(i))
    }
}

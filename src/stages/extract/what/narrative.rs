//! The thread of time through an article: what "the following week" counts from, and which events share the day of
//! the sentence before them.

use super::clauses::{Link, Parsed};
use super::events::{Finding, owner_of};
use super::fact::Fact;
use super::gates::{Scene, lowers};
use super::when::{TimeExpr, When, small_number};
use crate::domain::{DevelopmentType as T, PartialDate};
use jiff::civil::Date;

/// The times that the text has told so far.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Thread {
    /// The last time told.
    last: Option<PartialDate>,
    /// The last day told: "the same day" is that.
    day: Option<PartialDate>,
    /// The day to come of which the last sentence speaks: "the following day" is the day after.
    ahead: Option<PartialDate>,
}

impl Thread {
    /// Takes in the times of a sentence that has been read, where they carry the story on.
    pub(super) fn pass(&mut self, parsed: &Parsed, base: usize, day: Date) {
        let before = std::mem::take(&mut self.ahead);
        for time in parsed.times.iter().filter(|t| !t.bound) {
            let at = time.first.saturating_sub(base);
            let owner = owner_of(parsed, at).map(|k| &parsed.clauses[k]);
            // What had been before, and what somebody says, does not move it.
            let aside = owner.is_some_and(|c| {
                c.quote.is_some() || c.verb.as_ref().is_some_and(|v| v.pluperfect && c.link == Link::Relative)
            });
            let since = at.checked_sub(1).is_some_and(|k| parsed.words[k].lower == "since");
            if aside || since {
                continue;
            }
            // "He will retire on 31 December. His deputy takes over the following day."
            if owner.and_then(|c| c.verb.as_ref()).is_some_and(|v| v.modal.as_deref() == Some("will")) {
                self.ahead = time.when.resolve(day, true, before).filter(|d| matches!(d, PartialDate::Day(_)));
                continue;
            }
            if let Some(date) = time.when.resolve(day, false, self.before(time.when)).filter(|d| d.first_day() <= day) {
                self.told(date);
                // "In May the jury found so": the day told before is no longer the day of the story.
                let main = owner.is_some_and(|c| c.link == Link::Main);
                let outside = |d: PartialDate| d.first_day() < date.first_day() || d.last_day() > date.last_day();
                if main && matches!(date, PartialDate::Month(..)) && self.day.is_some_and(outside) {
                    self.day = None;
                }
            }
        }
    }

    /// Takes in the date of an event that the text tells.
    pub(super) fn told(&mut self, date: PartialDate) {
        self.last = Some(date);
        if matches!(date, PartialDate::Day(_)) {
            self.day = Some(date);
        }
    }

    /// What `when` counts from.
    fn before(self, when: When) -> Option<PartialDate> {
        if matches!(when, When::NextDay) && self.ahead.is_some() {
            return self.ahead;
        }
        if matches!(when, When::Same | When::NextDay | When::DaysFrom(_) | When::NextWeekday(_)) {
            self.day.or(self.last)
        } else {
            self.last
        }
    }

    /// What the times of a sentence count from.
    pub(super) fn of(self, parsed: &Parsed) -> Option<PartialDate> {
        let daily = parsed.times.iter().find(|t| self.before(t.when) != self.last);
        daily.map_or(self.last, |t| self.before(t.when))
    }
}

/// The time that a main clause of sentence `s` tells in the past, if it does.
fn main_time(scene: &Scene<'_>, s: usize, told: Option<PartialDate>) -> Option<PartialDate> {
    let parsed = &scene.parsed[s];
    let base = scene.doc.sentences[s].first;
    let tells = |t: &&TimeExpr| {
        let Some(clause) = owner_of(parsed, t.first.saturating_sub(base)).map(|k| &parsed.clauses[k]) else {
            return false;
        };
        let side = |word: &str| matches!(word, "when" | "as" | "while");
        let main = match &clause.link {
            Link::Main => true,
            Link::Adverbial(word) => side(word),
            _ => false,
        };
        main && !t.bound
            && clause.quote.is_none()
            && clause.verb.as_ref().is_some_and(|v| v.past && !v.pluperfect && !v.perfect && v.modal.is_none())
    };
    let time = parsed.times.iter().rev().find(tells)?;
    time.when.resolve(scene.day, false, told)
}

/// Outcomes that follow one another in one telling: a hearing and what came of it.
fn carried(kind: T) -> bool {
    matches!(
        kind,
        T::Plea
            | T::Conviction
            | T::Acquittal
            | T::Sentence
            | T::Suspension
            | T::Dismissal
            | T::MisconductFinding
            | T::MisconductCleared
            | T::Charge
            | T::Resignation
            | T::Referral
    )
}

/// Whether `f` is told in the simple past, as the story goes on: "He was found guilty."
fn goes_on(scene: &Scene<'_>, f: &Finding) -> bool {
    let verb = scene.parsed[f.sentence].clauses.get(f.clause).and_then(|c| c.verb.as_ref());
    let past = verb.is_some_and(|v| v.past && !v.perfect && !v.pluperfect && v.modal.is_none());
    let cue = lowers(&scene.parsed[f.sentence])
        .iter()
        .any(|w| matches!(*w, "previously" | "earlier" | "later" | "since" | "once" | "separate" | "unrelated"));
    past && f.main && !f.aside && !f.quoted && !f.pluperfect && f.fact == Fact::Asserted && !cue
}

/// Gives events without a time of their own the day of the sentence before them in their paragraph.
pub(super) fn carry(scene: &Scene<'_>, findings: &mut [Finding]) {
    if !scene.dated {
        return;
    }
    // "was put under special measures in July. Its report rated the force inadequate."
    let own = |f: &Finding| {
        f.kind == T::ReportPublished
            && scene.parsed[f.sentence].words.first().is_some_and(|w| matches!(w.lower.as_str(), "its" | "their"))
    };
    for f in findings.iter_mut().filter(|f| f.date.is_none() && (carried(f.kind) || own(f))) {
        if !goes_on(scene, f) || !scene.parsed[f.sentence].times.is_empty() {
            continue;
        }
        let back = f.sentence.checked_sub(1).filter(|_| scene.flows(f.sentence));
        let timed = back.filter(|&s| scene.parsed[s].times.iter().any(|t| !t.bound));
        if let Some(date) = timed
            .and_then(|s| main_time(scene, s, None))
            .filter(|d| d.first_day() <= scene.day && !matches!(d, PartialDate::Year(_)))
        {
            f.date = Some(date);
        }
    }
}

/// Outcomes that the next sentence of a paragraph tells in the simple past are as new as those before them, where no day is told:
/// "The panel has found that he lied. The allegation that he stole was not proven."
pub(super) fn follow(scene: &Scene<'_>, findings: &mut [Finding]) {
    for i in 1..findings.len() {
        let f = &findings[i];
        let timed = scene.parsed[f.sentence].times.iter().any(|t| !t.bound);
        // "Two constables had no case to answer": decided before the hearing.
        let clause = &scene.parsed[f.sentence].clauses[f.clause];
        let state = clause.verb.as_ref().is_some_and(|v| matches!(v.lemma.as_ref(), "have" | "be"));
        if f.date.is_some() || f.vote > 0 || timed || state || !carried(f.kind) || !goes_on(scene, f) {
            continue;
        }
        let block = scene.doc.sentences[f.sentence].block;
        let led = findings[..i].iter().any(|o| {
            o.sentence + 1 == f.sentence
                && scene.doc.sentences[o.sentence].block == block
                && o.date.is_none()
                && o.vote > 0
                && o.fact == Fact::Asserted
                && carried(o.kind)
                && !o.quoted
        });
        if led {
            findings[i].vote = 1;
        }
    }
}

/// What the words "the death", "his arrest" take up, where they count days from it.
fn taken_up(noun: &str) -> &'static [T] {
    match noun {
        "death" | "shooting" | "killing" | "murder" => &[T::DeathAfterContact, T::Incident],
        "incident" | "crash" | "collision" | "stop" | "search" | "attack" => &[T::Incident, T::DeathAfterContact],
        "arrest" => &[T::Arrest],
        "conviction" | "verdict" => &[T::Conviction, T::Acquittal],
        "sentencing" => &[T::Sentence],
        "hearing" => &[T::MisconductHearing, T::MisconductFinding, T::Dismissal],
        "inquest" => &[T::Inquest],
        "resignation" => &[T::Resignation],
        "dismissal" | "sacking" => &[T::Dismissal],
        _ => &[],
    }
}

/// Gives events told as so long after or before another the day that this makes: "began an investigation two days after the death".
pub(super) fn counted(scene: &Scene<'_>, findings: &mut [Finding]) {
    for i in 0..findings.len() {
        let f = &findings[i];
        if !scene.dated {
            continue;
        }
        let parsed = &scene.parsed[f.sentence];
        let words = lowers(parsed);
        // "began an investigation on the day of the death"
        let that_day = words.windows(5).enumerate().find_map(|(k, w)| {
            let day = matches!(
                w[..4],
                ["the", "day" | "morning" | "night" | "evening", "of", "the" | "his" | "her" | "their"]
            );
            let own = day && owner_of(parsed, k).is_some_and(|c| c == f.clause);
            (own && !taken_up(w[4]).is_empty()).then_some((When::Same, w[4]))
        });
        if f.date.is_some() && that_day.is_none() {
            continue;
        }
        let from = parsed.clauses[f.clause].verb.as_ref().map_or(0, |v| v.last);
        let told = (from.max(2)..words.len().saturating_sub(1)).find_map(|k| {
            let back = match words[k] {
                "after" => 1,
                "before" => -1,
                _ => return None,
            };
            let n = match words[k - 2] {
                "a" | "the" => 1,
                number => small_number(number)?,
            };
            let when = When::after(back * n, words[k - 1])?;
            let pointed = matches!(words[k + 1], "the" | "his" | "her" | "their" | "mr" | "ms");
            let noun = words.get(k + 1..).unwrap_or(&[]).iter().take(5).find(|w| !taken_up(w).is_empty())?;
            let own = owner_of(parsed, k - 1).is_some_and(|c| c == f.clause);
            (pointed && own).then_some((when, *noun))
        });
        // "has been suspended since his arrest": from that day on.
        let since = (from..words.len().saturating_sub(2)).find_map(|k| {
            let pointed = words[k] == "since" && matches!(words[k + 1], "the" | "his" | "her" | "their");
            let lasts = parsed.clauses[f.clause].verb.as_ref().is_some_and(|v| v.perfect && !v.pluperfect);
            (pointed && lasts && !taken_up(words[k + 2]).is_empty()).then_some((When::Same, words[k + 2]))
        });
        let Some((when, noun)) = that_day.or(told).or(since) else { continue };
        let concerned = |o: &Finding| o.who.iter().any(|w| f.who.contains(w) || f.about.contains(w));
        let kinds = taken_up(noun);
        let fits = |o: &&Finding| o.date.is_some() && o.fact == Fact::Asserted && o.kind != f.kind;
        let of = |kind: T, named: bool| {
            findings.iter().filter(fits).find(|o| o.kind == kind && (!named || concerned(o))).and_then(|o| o.date)
        };
        let base = kinds.iter().find_map(|&k| of(k, true)).or_else(|| kinds.iter().find_map(|&k| of(k, false)));
        let date = base.and_then(|base| when.resolve(scene.day, false, Some(base)));
        let past = goes_on(scene, f);
        match date.filter(|d| d.first_day() <= scene.day) {
            Some(date) => {
                findings[i].date = Some(date);
                findings[i].recalled |= since.is_some() && told.is_none() && that_day.is_none();
            }
            // Told from another event's day, it has none of this day's.
            None if past => findings[i].vote = findings[i].vote.min(-2),
            None => {}
        }
    }
}

/// Outcomes in court of which one hearing may bring several.
fn verdict(kind: T) -> bool {
    matches!(kind, T::Plea | T::Conviction | T::Acquittal | T::Sentence)
}

/// Outcomes before a misconduct panel of which one hearing may bring several.
fn finding(kind: T) -> bool {
    matches!(kind, T::MisconductFinding | T::MisconductCleared | T::Dismissal)
}

/// Gives the outcomes of one hearing its day: what the next paragraphs tell in the simple past came with the first.
pub(super) fn share(scene: &Scene<'_>, findings: &mut [Finding], day: Option<PartialDate>) {
    let today = PartialDate::Day(scene.day);
    for i in 0..findings.len() {
        let f = &findings[i];
        let block = scene.doc.sentences[f.sentence].block;
        let clause = &scene.parsed[f.sentence].clauses[f.clause];
        // "wept as she was cleared", "walked out after the case was found not proven"
        let beside = matches!(&clause.link, Link::Adverbial(word) if matches!(word.as_str(), "as" | "after" | "when"));
        let told = Finding { main: f.main || beside, aside: f.aside && !beside, ..f.clone() };
        let timed = scene.parsed[f.sentence].times.iter().any(|t| !t.bound);
        let alike: fn(T) -> bool = if verdict(f.kind) { verdict } else { finding };
        if f.date.is_some() || !alike(f.kind) || block > 4 || timed || !goes_on(scene, &told) {
            continue;
        }
        let lead = findings[..i].iter().find(|o| {
            alike(o.kind)
                && o.kind != T::Sentence
                && o.fact == Fact::Asserted
                && scene.doc.sentences[o.sentence].block <= 2
                && if o.date.is_some() { o.date.is_some_and(|d| d.days_apart(today) <= 14) } else { o.vote > 0 }
        });
        let court = verdict(f.kind) && day.is_some() && block <= 2;
        let date = lead.map(|o| o.date).or_else(|| court.then_some(day));
        if let Some(date) = date {
            findings[i].date = date;
            findings[i].vote = findings[i].vote.max(1);
            findings[i].aside = false;
        }
    }
}

/// Marks what an article recalls though it tells it with the verb of news.
pub(super) fn recall(scene: &Scene<'_>, findings: &mut [Finding]) {
    let today = PartialDate::Day(scene.day);
    let recent = |f: &Finding| f.vote > 0 || f.date.is_some_and(|d| d.days_apart(today) <= 14);
    let tried: Vec<usize> = findings
        .iter()
        .filter(|f| matches!(f.kind, T::Trial | T::Conviction | T::Acquittal) && f.fact == Fact::Asserted && recent(f))
        .flat_map(|f| f.who.iter().copied())
        .collect();
    for f in findings.iter_mut().filter(|f| f.kind == T::Plea) {
        // "Hale denies the charge", "Orr has pleaded not guilty": so it stands throughout a trial.
        let verb = scene.parsed[f.sentence].clauses.get(f.clause).and_then(|c| c.verb.as_ref());
        let stands = verb.is_some_and(|v| (!v.past || v.perfect) && v.modal.is_none());
        let timed = scene.parsed[f.sentence].times.iter().any(|t| !t.bound);
        if stands && !timed && f.who.iter().any(|w| tried.contains(w)) {
            f.date = None;
            f.vote = f.vote.min(-3);
        }
    }
}

/// Whether a later paragraph recalls `f` by its date, days before what is new: "announced her resignation on February
/// 10". `newest` is the day of the newest event.
pub(super) fn recalled_by_date(scene: &Scene<'_>, f: &Finding, newest: Option<Date>) -> bool {
    let block = scene.doc.sentences[f.sentence].block;
    let (Some(PartialDate::Day(day)), Some(newest)) = (f.date, newest) else { return false };
    let dated = scene.parsed[f.sentence].times.iter().any(|t| matches!(t.when, When::DayMonth(..)));
    let days = PartialDate::Day(day).days_apart(PartialDate::Day(newest));
    block >= 3 && dated && newest > day && days >= 4 && goes_on(scene, f)
}

/// Whether the time of `f` is one of last week that a later paragraph recalls: "was sworn in last Friday".
pub(super) fn last_week(scene: &Scene<'_>, f: &Finding) -> bool {
    let block = scene.doc.sentences[f.sentence].block;
    // The round-up of a week tells it all for the first time.
    block >= 2
        && scene.cast.items.item(block).is_none()
        && scene.parsed[f.sentence].times.iter().any(|t| {
            matches!(t.when, When::LastWeekday(_) | When::WeekdayOf(_, -1))
                && t.when.resolve(scene.day, false, None) == f.date
        })
}

/// Whether a later paragraph than the lead tells `f` of a time before the news: "earlier this month the watchdog published".
pub(super) fn earlier(scene: &Scene<'_>, f: &Finding) -> bool {
    let block = scene.doc.sentences[f.sentence].block;
    let parsed = &scene.parsed[f.sentence];
    let base = scene.doc.sentences[f.sentence].first;
    block >= 2
        && parsed.times.iter().any(|t| {
            let at = t.first.saturating_sub(base);
            let lead = at.checked_sub(1).and_then(|k| parsed.words.get(k)).map_or("", |w| w.lower.as_str());
            lead == "earlier"
                && matches!(t.when, When::MonthOffset(0) | When::YearOffset(0) | When::WeekOffset(0))
                && (f.date.is_none() || t.when.resolve(scene.day, false, None) == f.date)
        })
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;

    #[test]
    fn the_thread_of_time() {
        check(&[
            (
                "PC Ann Orr, of Kent Police, appeared at Luton Crown Court on Tuesday. She was jailed for two years.",
                &["sentence Ann Orr 2024-06-04 new"],
            ),
            (
                "PC Ann Orr, of Kent Police, was jailed for theft at Luton Crown Court on Tuesday. She resigned from the force the day before.",
                &["sentence Ann Orr 2024-06-04 new", "resignation Ann Orr 2024-06-03 new"],
            ),
            (
                "PC Ann Orr, of Kent Police, went on trial at Luton Crown Court on Monday. | Orr denies the charge of theft.",
                &["trial Ann Orr 2024-06-03 new", "plea Ann Orr - old"],
            ),
            (
                "Lee Hale, the chief constable of Kent Police, will retire on 31 December. | His deputy, Ann Orr, will become acting chief constable the following day.",
                &["resignation Lee Hale 2024-12-31 new", "appointment Ann Orr 2025-01-01 new"],
            ),
            (
                "Kent Police has named Ann Orr as acting chief constable from July 1.",
                &["appointment Ann Orr 2024-07-01 new"],
            ),
            (
                "Kent Police has appointed a new chief constable, Lee Hale. | He will start in July. | His deputy, Ann Orr, was appointed acting chief constable last Friday.",
                &["appointment Lee Hale 2024-06-06 new", "appointment Ann Orr 2024-05-31 old"],
            ),
        ]);
    }
}

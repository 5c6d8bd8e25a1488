//! When an event was, and whether the article brings it or recalls it.

use super::super::grammar::class;
use super::super::when::When;
use super::super::words::{VerbGroup, VerbKind};
use super::announced::{ago, announced, approved};
use super::*;

/// The date of the event of clause `id`, and whether a word like "today" gives it.
pub(in crate::stages::extract::what) fn date_of(
    scene: &Scene<'_>,
    s: usize,
    id: usize,
    future: bool,
    before: Option<PartialDate>,
) -> Option<(PartialDate, bool)> {
    let parsed = &scene.parsed[s];
    let clause = &parsed.clauses[id];
    let base = scene.doc.sentences[s].first;
    let verb = clause.verb.as_ref()?;
    let mut best: Option<(i32, usize, usize)> = None;
    for (k, time) in parsed.times.iter().enumerate() {
        let at = time.first.saturating_sub(base);
        // "put off until 12 February"
        let until = time.bound
            && at > verb.last
            && puts_off(verb)
            && at.checked_sub(1).is_some_and(|k| parsed.words[k].lower == "until");
        if time.bound && !until {
            continue;
        }
        if in_apposition(parsed, clause, verb, at) || of_an_occasion(scene, parsed, verb, k, at) {
            continue;
        }
        // "since last June, when he was suspended": the time is that of the clause beside it.
        let length = time.last.saturating_sub(time.first);
        let beside = matches!(&clause.link, Link::Adverbial(word) if word == "when")
            && (at + length == clause.first || at + length + 1 == clause.first);
        // "has lodged an appeal against a ruling in November": the perfect has no day in the past.
        let since = at.checked_sub(1).is_some_and(|k| parsed.words[k].lower == "since");
        let led = at.checked_sub(1).is_some_and(|k| parsed.words[k].lower == "in");
        let perfect = led && verb.perfect && !verb.pluperfect && !verb.progressive;
        if perfect && at > verb.last && past_season(scene, time.when) || of_a_count(parsed, at) {
            continue;
        }
        // "whose investigation led to the charge last June": of what came of it.
        let led_to = verb.lemma.as_ref() == "lead" && parsed.words.get(verb.last).is_some_and(|w| w.lower == "to");
        if led_to && at > verb.last {
            continue;
        }
        // "has lodged an appeal against January's ruling": the ruling's month.
        let owns = parsed.words.get(time.last - scene.doc.sentences[s].first).is_some_and(|w| w.lower == "'s");
        let of_other = at.checked_sub(1).is_some_and(|k| {
            matches!(parsed.words[k].lower.as_str(), "against" | "over" | "of" | "about" | "into" | "from" | "despite")
        });
        if owns && of_other && at > verb.last {
            continue;
        }
        // "will examine every search since April": the searches.
        if since && !beside && verb.modal.as_deref() == Some("will") {
            continue;
        }
        // "since 2016" tells of what lasts.
        if since && !beside && verb.past && !verb.perfect && !verb.pluperfect {
            continue;
        }
        let Some(mut owner) = owner_of(parsed, at) else { continue };
        // "for being drunk soon after midnight on 12 June": the preposition opens no clause.
        while parsed.clauses[owner].verb.is_none()
            && matches!(&parsed.clauses[owner].link, Link::Adverbial(word) if matches!(word.as_str(), "after" | "before" | "as"))
            && let Some(up) = parsed.clauses[owner].parent.filter(|&up| up != id)
        {
            owner = up;
        }
        // "The sergeant that night, Lee Hale, has been told that he will": no day of the telling.
        let told_by = parsed.clauses.get(owner).filter(|_| owner != id);
        if told_by.and_then(|c| c.verb.as_ref().map(|v| (c, v))).is_some_and(|(c, v)| in_apposition(parsed, c, v, at)) {
            continue;
        }
        let announces = clause.link == Link::That
            && future
            && clause.parent.is_some_and(|p| {
                p == owner
                    || parsed.clauses[p].parent == Some(owner) && matches!(parsed.clauses[p].link, Link::Adverbial(_))
            })
            && clause.parent.and_then(|p| parsed.clauses[p].verb.as_ref()).is_some_and(|v| {
                matches!(v.lemma.as_ref(), "announce" | "tell" | "say" | "confirm" | "email" | "write" | "reveal")
            });
        // "has been put back from 1 December to 19 January": the day that it was to be on is no longer.
        let given_up = puts_off(verb)
            && at > verb.last
            && at.checked_sub(1).is_some_and(|k| parsed.words[k].lower == "from")
            && parsed
                .times
                .get(k + 1)
                .is_some_and(|next| (next.first - base).checked_sub(1).is_some_and(|k| parsed.words[k].lower == "to"));
        if given_up {
            continue;
        }
        let score = if announces {
            // The day of the announcement goes before the day on which it takes effect.
            -1
        } else if owner == id || beside {
            0
        } else if descends(parsed, owner, id)
            && matches!(parsed.clauses[owner].link, Link::To | Link::Ing(_))
            && parsed.clauses[owner].first >= verb.last
            // "sacked for having lied in 2021": the lie was then.
            && parsed.clauses[owner].verb.as_ref().is_none_or(|v| !v.pluperfect)
        {
            2
        } else if parsed.clauses[owner].parent == Some(id) && parsed.clauses[owner].verb.is_none() {
            1
        } else if parsed.clauses[owner].parent == Some(id)
            && matches!(&parsed.clauses[owner].link, Link::Adverbial(word) if word == "since")
            && verb.perfect
            && verb.progressive
        {
            // "has been standing in since the chair was suspended in January": from then on.
            1
        } else if clause.inherited
            && clause.link == parsed.clauses[owner].link
            && clause.parent == parsed.clauses[owner].parent
            && parsed.clauses[owner].verb.as_ref().is_some_and(|v| at < v.first)
        {
            // A time in front of the first verb of a list holds for all.
            1
        } else if clause.inherited
            && owner + 1 == id
            && clause.link == Link::Main
            && parsed.clauses[owner].link == Link::Main
            && clause.subject == parsed.clauses[owner].subject
            && verb.past
            && !verb.pluperfect
            && parsed.clauses[owner].verb.as_ref().is_some_and(|v| v.past && !v.pluperfect && v.modal.is_none())
            && !parsed.words[parsed.clauses[id].first..verb.last]
                .iter()
                .any(|w| matches!(w.lower.as_str(), "later" | "since" | "then" | "eventually"))
            && matches!(time.when.resolve(scene.day, false, None), Some(PartialDate::Day(_)))
        {
            // "met the family on Thursday and said sorry"
            8
        } else if goes_with(parsed, base, owner, id, at) {
            // "On Monday jurors were sworn in and the inquest began", "ruled in May that he had, and it announced a hearing"
            8
        } else if owner == id + 1
            && parsed.clauses[owner].inherited
            && clause.link == parsed.clauses[owner].link
            && clause.parent == parsed.clauses[owner].parent
            && verb.passive
            && parsed.clauses[owner]
                .verb
                .as_ref()
                .is_some_and(|v| v.passive && v.past == verb.past && at >= v.last && at <= v.last + 2)
            && !parsed.words[verb.last..at].iter().any(|w| w.lower == ",")
            || set_off(parsed, base, owner, id, k)
        {
            // "was opened and adjourned in February", "had been vetted, and passed as fit to serve, in 2016"
            2
        } else if clause.link == Link::That && clause.parent == Some(owner) && cleft(parsed, owner) {
            // "It was only in January that prosecutors ordered it"
            1
        } else if matches!(clause.link, Link::To | Link::That | Link::Ing(_))
            && clause.parent == Some(owner)
            && parsed.clauses[owner].verb.as_ref().is_some_and(|v| {
                // "found in July that she had been sacked": she was before.
                let earlier = clause.link == Link::That
                    && verb.pluperfect
                    && matches!(v.lemma.as_ref(), "find" | "rule" | "hear" | "conclude" | "learn" | "determine");
                clause.link == Link::To
                    || !earlier
                        && matches!(
                            v.lemma.as_ref(),
                            "decide"
                                | "rule"
                                | "find"
                                | "announce"
                                | "determine"
                                | "conclude"
                                | "confirm"
                                | "tell"
                                | "say"
                                | "hear"
                                | "learn"
                                | "direct"
                                | "inform"
                                | "notify"
                                | "order"
                                | "instruct"
                                | "disclose"
                                | "reveal"
                        )
            })
        {
            3
        } else if parsed.clauses[owner].verb.as_ref().is_some_and(|v| {
            matches!(v.lemma.as_ref(), "decide" | "rule" | "announce" | "determine" | "conclude" | "confirm" | "find")
                || future && matches!(v.lemma.as_ref(), "tell" | "say")
        }) && parsed.clauses[owner].link == Link::Main
            && clause.link == Link::Main
            && owner > id
        {
            // "…, a misconduct panel decided yesterday."
            4
        } else if matches!(&clause.link, Link::Adverbial(word) if word == "before")
            && clause.inherited
            && clause.parent == Some(owner)
            && parsed.clauses[owner].verb.as_ref().is_some_and(|v| {
                matches!(v.lemma.as_ref(), "sit" | "deliberate" | "take" | "meet" | "retire" | "adjourn" | "debate")
            })
        {
            // "sat until seven last night before convicting him"
            5
        } else if matches!(&clause.link, Link::Adverbial(word) if matches!(word.as_str(), "when" | "as" | "while"))
            && clause.parent == Some(owner)
            // "the sergeant on duty when Ash collapsed was warned yesterday": the day of the warning.
            && at < verb.first
        {
            // "was crossing the road on Tuesday when she was struck"
            5
        } else if descends(parsed, owner, id)
            && !within_said(parsed, owner, id)
            && at > verb.last
            && matches!(&parsed.clauses[owner].link, Link::Participle | Link::Adverbial(_) | Link::Ing(_))
            && !matches!(&parsed.clauses[owner].link, Link::Adverbial(word) if matches!(word.as_str(), "after" | "before" | "since" | "until" | "because" | "if" | "as"))
        {
            // "were stabbed while out celebrating in a park, in June 2020"
            6
        } else if (descends(parsed, owner, id) || clause.inherited && sibling_of(parsed, owner, id))
            && at < verb.first
            && parsed.clauses[owner].link == Link::Participle
            && parsed.clauses[owner].antecedent.is_some_and(|p| parsed.phrases[p].prep.is_some())
            && parsed.clauses[owner].first.checked_sub(1).is_none_or(|k| parsed.words[k].lower != ",")
        {
            // "In a letter made public yesterday the chief constable apologised"
            6
        } else if parsed.clauses[owner].parent == Some(id)
            && at < verb.first
            && parsed.clauses[owner].link == Link::Participle
            && parsed.clauses[owner].verb.as_ref().is_some_and(|v| matches!(v.lemma.as_ref(), "sit" | "meet"))
        {
            // "A jury sitting in Middlesbrough in October found"
            6
        } else if descends(parsed, owner, id)
            && parsed.clauses[owner].link == Link::Participle
            && parsed.clauses[owner].verb.as_ref().is_some_and(|v| {
                matches!(v.lemma.as_ref(), "publish" | "release" | "issue" | "make" | "hand" | "unveil" | "announce")
            })
            && !verb.past
        {
            // "gives the warning in a report made public on Tuesday"
            7
        } else {
            continue;
        };
        // "The decision to charge him follows a file sent last May": not the day of the charge.
        if score >= 5 && fact::settled(parsed, clause) {
            continue;
        }
        // "denies raping the woman while he was off duty in July 2021": the day of the act.
        let accuses = matches!(verb.lemma.as_ref(), "deny" | "admit" | "accuse" | "charge" | "plead" | "allege");
        let court = parsed.words.get(verb.last..at).unwrap_or(&[]);
        let court = court.iter().any(|w| matches!(w.lower.as_str(), "court" | "trial" | "hearing" | "tribunal"));
        if owner != id && accuses && !court && at > verb.last && matches!(score, 2 | 6) {
            let date = time.when.resolve(scene.day, false, None);
            if date.is_some_and(|d| d.days_apart(PartialDate::Day(scene.day)) > 60) {
                continue;
            }
        }
        let distance = at.abs_diff(verb.main);
        if best.is_none_or(|(b, d, _)| (score, distance) < (b, d)) {
            best = Some((score, distance, k));
        }
    }
    // "will leave in August, it emerged today": the day of the announcement goes first.
    if future
        && clause.link == Link::Main
        && let Some(told) = announced(scene, s, id, true).filter(|(d, _)| d.last_day() <= scene.day)
    {
        return Some(told);
    }
    if best.is_none() {
        return ago(scene, parsed, clause, s)
            .or_else(|| announced(scene, s, id, future))
            .or_else(|| approved(scene, s, id));
    }
    let (score, _, k) = best?;
    let future = future && score >= 0;
    let time = &parsed.times[k];
    let before = nearer(scene, s, parsed, k).or(before);
    if time.bound {
        return time.when.resolve(scene.day, true, before).map(|d| (d, time.fresh));
    }
    let fixes = matches!(
        verb.lemma.as_ref(),
        "fix" | "schedule" | "set" | "list" | "due" | "plan" | "arrange" | "book" | "timetable" | "expect"
    );
    // "was put back to 19 August"
    let put_off = puts_off(verb)
        && (time.first - base).checked_sub(1).is_some_and(|k| parsed.words[k].lower == "to" && k > verb.last);
    // "comes into force on 4 December": the present tells what is to come.
    // "has named her as acting deputy from 1 July"
    let from = verb.perfect
        && !verb.pluperfect
        && (time.first - scene.doc.sentences[s].first)
            .checked_sub(1)
            .is_some_and(|k| parsed.words[k].lower == "from" && k >= verb.last);
    let present = !verb.past
        && !verb.perfect
        && verb.kind == VerbKind::Finite
        && verb.modal.is_none()
        && verb.lemma.as_ref() != "follow"
        && !verb.progressive;
    let future = (future || fixes || put_off || from || present && score <= 1) && score < 3;
    // "charged in January this year": no other year is meant.
    let this_year = parsed
        .words
        .get((time.first - scene.doc.sentences[s].first).saturating_sub(1)..time.last - scene.doc.sentences[s].first)
        .is_some_and(|w| w.iter().any(|w| w.lower == "this"));
    // "was convicted in March 2021 and jailed in June": of the year that the sentence has just named.
    if let (false, When::Month(m, None)) = (future || this_year, time.when)
        && clause.inherited
        && verb.passive
        && let Some(led) = k.checked_sub(1).map(|k| parsed.times[k].when)
        && !parsed.times[k - 1].bound
        && matches!(
            led,
            When::Month(_, Some(_)) | When::DayMonth(_, _, Some(_)) | When::LastYearMonth(..) | When::ThatMonth(_)
        )
        && let Some(led) = led.resolve(scene.day, false, before)
    {
        let date = When::ThatMonth(m).resolve(scene.day, false, Some(led));
        return date.filter(|d| d.first_day() <= scene.day).map(|d| (d, false));
    }
    if let (false, When::Month(m, None)) = (future, time.when)
        && let Some(led) = year_of_story(scene, s)
        && clause.link == Link::Main
        && verb.past
        && !verb.perfect
        && !verb.pluperfect
        // "this July"; "An inquest jury found in February": who was not spoken of does not go on with the story.
        && !this_year
        && clause.subject.first().is_some_and(|&p| {
            !matches!(parsed.words[parsed.phrases[p].first].lower.as_str(), "a" | "an")
        })
        && let Some(date) = When::ThatMonth(m).resolve(scene.day, false, Some(led))
    {
        let date = if date.last_day() < led.first_day() {
            PartialDate::Month(date.first_day().year() + 1, date.first_day().month())
        } else {
            date
        };
        if date.first_day() <= scene.day && date.days_apart(led) <= 200 {
            return Some((date, false));
        }
    }
    time.when.resolve(scene.day, future, before).map(|d| (d, time.fresh))
}

/// The time, of another year, to which the sentence before `s` in its paragraph has brought the story: "was turned down in April
/// last year. The watchdog ruled in her favour in August".
fn year_of_story(scene: &Scene<'_>, s: usize) -> Option<PartialDate> {
    let last = s.checked_sub(1).filter(|&l| scene.doc.sentences[l].block == scene.doc.sentences[s].block)?;
    let parsed = &scene.parsed[last];
    let base = scene.doc.sentences[last].first;
    let time = parsed.times.iter().rev().find(|t| !t.bound)?;
    let told = matches!(time.when, When::Month(_, Some(_)) | When::DayMonth(_, _, Some(_)) | When::LastYearMonth(..));
    let owner = owner_of(parsed, time.first.saturating_sub(base)).map(|k| &parsed.clauses[k])?;
    let main = owner.link == Link::Main
        && owner.quote.is_none()
        && owner.verb.as_ref().is_some_and(|v| v.past && !v.perfect && !v.pluperfect);
    let date = time.when.resolve(scene.day, false, None).filter(|_| told && main)?;
    (date.last_day() < scene.day).then_some(date)
}

/// Whether time `k`, in clause `owner`, is set off by a comma at the end of the sentence, so that it holds for clause `id` too, the
/// first of the list of passives that `owner` ends.
fn set_off(parsed: &Parsed, base: usize, owner: usize, id: usize, k: usize) -> bool {
    let (first, last) = (&parsed.clauses[id], &parsed.clauses[owner]);
    let time = &parsed.times[k];
    let at = time.first.saturating_sub(base);
    let passive = |c: &Clause| c.verb.as_ref().is_some_and(|v| v.passive);
    let alike = first.link == last.link && first.parent == last.parent && first.subject == last.subject;
    let comma = at.checked_sub(2).is_some_and(|k| parsed.words[k].lower == ",");
    let ends = time.last.saturating_sub(base) + 1 >= parsed.words.len();
    owner > id && last.inherited && alike && passive(first) && passive(last) && comma && ends && parsed.times.len() == 1
}

/// Whether the time at word `at`, in main clause `owner`, holds for main clause `id` too: it leads the sentence, or `id` only goes
/// on with it by a pronoun.
fn goes_with(parsed: &Parsed, base: usize, owner: usize, id: usize, at: usize) -> bool {
    let (led, clause) = (&parsed.clauses[owner], &parsed.clauses[id]);
    let word = |k: usize| parsed.words.get(k).map_or("", |w| w.lower.as_str());
    let plain = |c: &Clause| {
        let past = |v: &VerbGroup| v.past && !v.perfect && !v.pluperfect && v.modal.is_none();
        c.link == Link::Main && c.parent.is_none() && c.quote.is_none() && c.verb.as_ref().is_some_and(past)
    };
    if owner >= id || clause.inherited || !plain(led) || !plain(clause) {
        return false;
    }
    let Some(&subject) = clause.subject.first() else { return false };
    let first = parsed.phrases[subject].first;
    let and = first.checked_sub(1).is_some_and(|k| word(k) == "and");
    let from = led.verb.as_ref().map_or(0, |v| v.last);
    let own = parsed.times.iter().any(|t| t.first.saturating_sub(base) > first);
    let apart = (from..parsed.words.len()).any(|k| matches!(word(k), "later" | "since" | "then" | "eventually" | ";"));
    let fronted = led.verb.as_ref().is_some_and(|v| at < v.first)
        && led.subject.first().is_none_or(|&p| at < parsed.phrases[p].first);
    let pronoun = matches!(word(first), "it" | "he" | "she" | "they");
    and && !own && !apart && (fronted || pronoun)
}

/// The day or month since which sentence `s` says that something lasts, where it names one.
pub(super) fn since(scene: &Scene<'_>, s: usize) -> Option<PartialDate> {
    let parsed = &scene.parsed[s];
    let base = scene.doc.sentences[s].first;
    let led = |at: usize| at.checked_sub(1).is_some_and(|k| parsed.words[k].lower == "since");
    let mut times = parsed.times.iter().filter(|t| led(t.first.saturating_sub(base)));
    let time = times.next().filter(|_| times.next().is_none())?;
    time.when.resolve(scene.day, false, None).filter(|d| d.last_day() <= scene.day)
}

/// Whether the words count from what was told before: "the following year".
pub(in crate::stages::extract::what) fn counted(scene: &Scene<'_>, when: When) -> bool {
    let marker = PartialDate::Day(jiff::civil::Date::MIN);
    when.resolve(scene.day, false, None) != when.resolve(scene.day, false, Some(marker))
}

/// What time `k` counts from where its own sentence tells it: "was held on 2 March and died the following day".
fn nearer(scene: &Scene<'_>, s: usize, parsed: &Parsed, k: usize) -> Option<PartialDate> {
    let counted = |when: When| counted(scene, when);
    if !counted(parsed.times[k].when) {
        return None;
    }
    let first = parsed.times[..k].iter().rev().find(|t| !t.bound && !counted(t.when))?;
    // "will be sentenced on 17 March, and faces a hearing earlier that month"
    let base = scene.doc.sentences[s].first;
    let to_come = owner_of(parsed, first.first.saturating_sub(base))
        .and_then(|id| parsed.clauses[id].verb.as_ref())
        .is_some_and(|v| v.modal.as_deref() == Some("will"));
    first.when.resolve(scene.day, to_come, None).filter(|d| to_come || d.first_day() <= scene.day)
}

/// Whether the words tell a month or year that is over.
fn past_season(scene: &Scene<'_>, when: When) -> bool {
    let date = when.resolve(scene.day, false, None);
    date.is_some_and(|d| !matches!(d, PartialDate::Day(_)) && d.last_day() < scene.day)
}

/// "was put back to 19 August", "has been brought forward to June".
fn puts_off(verb: &VerbGroup) -> bool {
    matches!(verb.lemma.as_ref(), "put" | "postpone" | "adjourn" | "delay" | "push" | "move" | "defer" | "bring")
}

/// "the third force this year to be moved", "the fifth time this month": the time counts, and dates nothing.
fn of_a_count(parsed: &Parsed, at: usize) -> bool {
    const ORDINAL: &[&str] =
        &["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "last", "far"];
    let this = parsed.words.get(at).is_some_and(|w| w.lower == "this");
    // "the fifth Kent Police officer this year": however long what is counted is.
    let counted = parsed.phrases.iter().find(|p| p.last == at).map_or(at, |p| p.first);
    this && parsed.words[counted.min(at.saturating_sub(3))..at].iter().any(|w| ORDINAL.contains(&w.lower.as_str()))
}

/// Whether time `k`, at word `at`, is that of the occasion which the event is about: "launched after the death of a man on
/// 7 May", "found to have lied over the search of a girl, in Hackney, in December 2020".
fn of_an_occasion(scene: &Scene<'_>, parsed: &Parsed, verb: &VerbGroup, k: usize, at: usize) -> bool {
    let word = |k: usize| parsed.words.get(k).map_or("", |w| w.lower.as_str());
    if at < verb.last {
        return false;
    }
    let day = PartialDate::Day(scene.day);
    let date = parsed.times[k].when.resolve(scene.day, false, None);
    let past = date.is_some_and(|d| d.last_day() < scene.day && d.days_apart(day) > 30);
    // What is done on the occasion itself has its day.
    let outcome = !scene.standing.harms(&verb.lemma)
        && !matches!(
            verb.lemma.as_ref(),
            "die" | "arrest" | "detain" | "happen" | "occur" | "take" | "call" | "collapse" | "grade" | "rate"
        );
    // Back over prepositional phrases to the one that names the occasion.
    let mut chain = parsed.phrases.iter().rev().filter(|p| p.last <= at && p.first >= verb.last);
    chain.any(|p| {
        let lead = p.prep.map_or("", word);
        let head = p.last.checked_sub(1).map_or("", word);
        let death =
            (matches!(lead, "after" | "following" | "into" | "over" | "about" | "since" | "surrounding" | "before")
                || lead == "with" && p.prep.and_then(|k| k.checked_sub(1)).is_some_and(|k| word(k) == "connection"))
                && scene.standing.occasion(head);
        // "for the murder of a man in 2021", not "for murder in 2021": the one is an occasion, the other an offence.
        let told = parsed.words.get(p.first).is_some_and(|w| w.class & (class::DET | class::POSSESSIVE) != 0);
        let matter = past
            && outcome
            && told
            && matches!(lead, "over" | "during" | "for" | "about" | "into" | "following" | "after")
            && (scene.standing.occasion(head) || scene.standing.encounter(head));
        let mut between = (p.last..at).map(word);
        if past && outcome && (death || matter) {
            !between.any(|w| matches!(w, "and" | "court" | "hearing" | "panel" | "tribunal" | "inquest" | ";"))
        } else {
            death && !between.any(|w| matches!(w, "," | "and"))
        }
    })
}

/// Whether the time at word `at` tells more of the subject: "Hale, a sergeant since 2016, was suspended".
fn in_apposition(parsed: &Parsed, clause: &Clause, verb: &VerbGroup, at: usize) -> bool {
    let Some(&subject) = clause.subject.first() else { return false };
    if at >= verb.first || at < parsed.phrases[subject].first || clause.inherited {
        return false;
    }
    let comma = |k: &usize| matches!(parsed.words[*k].lower.as_str(), "," | "–" | "—");
    let Some(open) = (parsed.phrases[subject].first..at).rev().find(comma) else { return false };
    // "The watchdog, in a report in 2023, found": when it found so.
    if parsed.words.get(open + 1).is_some_and(|w| matches!(w.lower.as_str(), "in" | "at" | "after" | "on")) {
        return false;
    }
    let closed = (at..verb.first).any(|k| comma(&k));
    // "Hale, on Monday, was": only the time stands between the commas.
    closed && parsed.phrases.iter().any(|p| p.first > open && p.last <= at)
}

/// Whether clause `inner` hangs on `outer` through what is said or found: "found that calls went unanswered last autumn".
fn within_said(parsed: &Parsed, inner: usize, outer: usize) -> bool {
    let mut at = inner;
    while at != outer {
        if parsed.clauses[at].link == Link::That {
            return true;
        }
        let Some(up) = parsed.clauses[at].parent else { return false };
        at = up;
    }
    false
}

/// Whether clause `id` is "it is" or "it was" with what is brought out: "It was in January that …".
fn cleft(parsed: &Parsed, id: usize) -> bool {
    let clause = &parsed.clauses[id];
    clause.verb.as_ref().is_some_and(|v| v.lemma.as_ref() == "be" && !v.neg)
        && clause.subject.first().is_some_and(|&p| parsed.words[parsed.phrases[p].first].lower == "it")
        && clause.object.is_empty()
}

/// Whether clause `owner` hangs on the clause whose list of verbs `id` goes on with.
fn sibling_of(parsed: &Parsed, owner: usize, id: usize) -> bool {
    let clause = &parsed.clauses[id];
    parsed.clauses[owner].parent.is_some_and(|up| {
        let first = &parsed.clauses[up];
        up < id && first.link == clause.link && first.parent == clause.parent
    })
}

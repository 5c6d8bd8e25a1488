//! One report for each event: the lead and its detail become one, with the most precise date and everyone in it.

mod same;

use super::doubts;
use super::events::Finding;
use super::fact::Fact;
use super::gates::Scene;
use super::headline;
use super::matter;
use super::narrative;
use crate::domain::{
    Certainty, DevelopmentType as T, Doubt, EntityRef, EventStage, Evidence, PartialDate, Report, Span, Status, Trace,
};
use crate::stages::extract::who::known_body_forms;
use same::{same, told_late};

/// How precise a date is.
fn precision(date: Option<PartialDate>) -> u8 {
    match date {
        None => 0,
        Some(PartialDate::Year(_)) => 1,
        Some(PartialDate::Month(..)) => 2,
        Some(PartialDate::Day(_)) => 3,
    }
}

/// An event with all its tellings.
struct Event {
    main: Finding,
    vote: i32,
    rules: Vec<(String, String)>,
    /// The sentences that tell it.
    told: Vec<usize>,
}

/// Reports and doubts out of the findings, in the order of the text.
pub(super) fn reports(scene: &Scene<'_>, findings: Vec<Finding>) -> (Vec<Report>, Vec<Doubt>) {
    let mut events: Vec<Event> = Vec::new();
    let mut open: Vec<Doubt> = Vec::new();
    let mut denied: Vec<&Finding> = Vec::new();
    for f in &findings {
        if matches!(f.fact, Fact::Denied) {
            denied.push(f);
        }
    }
    for f in findings.iter().filter(|f| matches!(f.fact, Fact::Asserted | Fact::Planned)) {
        let told: Vec<usize> = (0..events.len()).filter(|&k| same(scene, &events[k].main, f)).collect();
        if told.len() > 1 && f.who.len() > 1 {
            // "Both were sent a requisition on Tuesday": of each what it adds.
            for &k in &told {
                let who = events[k].main.who.clone();
                absorb(scene, &mut events[k], f);
                if !who.is_empty() {
                    events[k].main.who = who;
                }
            }
        } else if let Some(&k) = told.first() {
            absorb(scene, &mut events[k], f);
        } else {
            events.push(Event {
                vote: f.vote,
                rules: vec![(f.rule.clone(), f.words.clone())],
                told: vec![f.sentence],
                main: f.clone(),
            });
        }
    }
    one_release(scene, &mut events);
    lead(scene, &mut events);
    let newest = newest(scene, &events);
    let new: Vec<bool> = events.iter().map(|e| status(scene, &e.main, e.vote) == Status::New).collect();
    let said = events.iter().zip(&new).any(|(e, new)| *new && e.main.kind == T::Statement);
    for i in 0..events.len() {
        // Where all else that is new is what somebody says today, that is the news.
        let alone = said && !(0..events.len()).any(|k| k != i && new[k] && events[k].main.kind != T::Statement);
        let newest = if alone { newest.max(Some(scene.day)) } else { newest };
        let event = &mut events[i];
        event.main.recalled |= narrative::recalled_by_date(scene, &event.main, newest);
    }
    let told: Vec<(T, Vec<usize>)> = events.iter().map(|e| (e.main.kind, e.main.who.clone())).collect();
    let reports: Vec<Report> = events
        .into_iter()
        .filter(|e| {
            let bare = e.main.who.is_empty() && e.main.body.is_empty() && e.main.about.is_empty();
            // "PC sacked for lying": all that a headline may tell of whom it speaks.
            let headline = headline::of(&scene.parsed[e.main.sentence]) && e.main.unnamed.iter().any(|u| u.police);
            !bare || headline
        })
        .map(|mut e| {
            matter::complete(scene, &mut e.main, &e.told, &told);
            report(scene, e)
        })
        .collect();
    for f in findings.iter().filter(|f| !matches!(f.fact, Fact::Asserted | Fact::Planned | Fact::Denied)) {
        let concerns: Vec<String> = concerned(scene, f);
        if concerns.is_empty() || open.iter().any(|d| d.kind == Some(f.kind) && d.concerns == concerns) {
            continue;
        }
        open.push(Doubt {
            kind: Some(f.kind),
            concerns,
            evidence: scene.doc.slice(scene.doc.sentences[f.sentence].span).to_owned(),
            reason: f.fact.reason().to_owned(),
        });
    }
    for doubt in doubts::of_reports(scene, &reports) {
        if !open.iter().any(|d| d.kind == doubt.kind && d.concerns == doubt.concerns) {
            open.push(doubt);
        }
    }
    (reports, open)
}

/// What a watchdog publishes, asks for and says in one release is one event, of one day (the taxonomy's *One event, several
/// types*): a recommendation without a date has the report's, special measures that of the inspectorate's words.
fn one_release(scene: &Scene<'_>, events: &mut [Event]) {
    for i in 0..events.len() {
        let f = &events[i].main;
        let bodies = || super::gates::lowers(&scene.parsed[f.sentence]).iter().any(|w| matches!(*w, "body" | "bodies"));
        if f.kind == T::Incident && f.date.is_none() && (!f.about.is_empty() || bodies()) {
            // What was done with the dead is told after how they died: in that year.
            let died = events.iter().find(|e| {
                e.main.kind == T::Incident
                    && e.main.sentence.abs_diff(f.sentence) <= 3
                    && f.about.iter().all(|w| e.main.who.contains(w))
                    && e.main.who.iter().any(|w| !f.who.contains(w))
            });
            if let Some(date) = died.and_then(|e| e.main.date) {
                events[i].main.date = Some(PartialDate::Year(date.first_day().year()));
            }
            continue;
        }
        let over = f.kind == T::Apology
            && !f.fresh
            && super::gates::lowers(&scene.parsed[f.sentence]).iter().any(|w| matches!(*w, "findings" | "report"));
        if f.date.is_some() || f.pluperfect || !(over || matches!(f.kind, T::Recommendation | T::SpecialMeasures)) {
            continue;
        }
        let speaks = |e: &Event| {
            e.main.kind == T::Statement
                && e.main.body.iter().any(|b| scene.cast.kind(b) == super::standing::BodyKind::Inspectorate)
        };
        let beside = |e: &&Event| {
            let told = match f.kind {
                T::Recommendation | T::Apology => e.main.kind == T::ReportPublished,
                _ => speaks(e),
            };
            // What is made now is none of a report of years ago.
            let other = f.vote > 0
                && e.main
                    .date
                    .is_some_and(|d| d.last_day() < scene.day && d.days_apart(PartialDate::Day(scene.day)) > 60);
            told && !other
                && e.main.date.is_some()
                && e.main.fact == Fact::Asserted
                && shares_body(&f.body, &e.main.body)
        };
        if let Some((date, fresh, vote)) = events.iter().find(beside).map(|e| (e.main.date, e.main.fresh, e.vote)) {
            let event = &mut events[i];
            (event.main.date, event.main.fresh, event.vote) = (date, fresh, event.vote.max(vote));
        }
    }
}

fn shares_body(a: &[String], b: &[String]) -> bool {
    a.iter().any(|k| b.contains(k))
}

/// The day of the newest event, unless the article is a list of several persons' cases.
fn newest(scene: &Scene<'_>, events: &[Event]) -> Option<jiff::civil::Date> {
    let mut whose: Vec<usize> = Vec::new();
    let mut newest = None;
    for event in events {
        let said = event.main.kind == T::Statement && scene.doc.sentences[event.main.sentence].block > 2;
        if status(scene, &event.main, event.vote) != Status::New || said {
            continue;
        }
        whose.extend(event.main.who.first().filter(|w| !whose.contains(w)));
        let day = match event.main.date {
            None => Some(scene.day),
            Some(PartialDate::Day(d)) if d <= scene.day => Some(d),
            Some(_) => None,
        };
        newest = newest.max(day);
    }
    newest.filter(|_| whose.len() < 3)
}

/// An article brings something: where nothing in it is new, what its first paragraphs tell without a date is.
fn lead(scene: &Scene<'_>, events: &mut [Event]) {
    let news = |e: &Event| e.main.kind != T::Statement && status(scene, &e.main, e.vote) == Status::New;
    // "Two officers have been charged … Orr was charged with theft, Hale with fraud": the details of the news.
    let several: Vec<T> = events
        .iter()
        .filter(|e| news(e) && (e.main.who.len() > 1 || e.main.unnamed.first().is_some_and(|u| u.plural && u.police)))
        .map(|e| e.main.kind)
        .collect();
    for event in events.iter_mut() {
        let f = &event.main;
        if several.contains(&f.kind)
            && f.date.is_none()
            && f.main
            && !f.pluperfect
            && !f.quoted
            && f.kind != T::Statement
        {
            event.vote = event.vote.max(1);
        }
    }
    let news = |e: &Event| e.main.kind != T::Statement && status(scene, &e.main, e.vote) == Status::New;
    if events.iter().any(news) {
        return;
    }
    let tells = |e: &Event| {
        let f = &e.main;
        f.date.is_none() && f.main && !f.pluperfect && !f.quoted && f.kind != T::Statement && f.kind != T::Incident
    };
    let block = |e: &Event| scene.doc.sentences[e.main.sentence].block;
    let Some(first) = events.iter().filter(|e| tells(e)).map(block).min().filter(|b| *b <= 3) else { return };
    for event in events.iter_mut().filter(|e| tells(e) && block(e) == first) {
        event.vote = event.vote.max(1);
    }
}

fn concerned(scene: &Scene<'_>, f: &Finding) -> Vec<String> {
    let mut out: Vec<String> = f
        .who
        .iter()
        .chain(&f.about)
        .filter_map(|&w| scene.cast.people.get(w))
        .filter(|p| p.watched)
        .map(|p| p.key.clone())
        .collect();
    // Somebody who may be one of several watched persons concerns each of them.
    let people = f.who.iter().chain(&f.about).filter_map(|&w| scene.cast.people.get(w));
    let entities = people.filter_map(|p| scene.named.entities.iter().find(|e| e.key == p.key));
    out.extend(entities.flat_map(|e| e.candidates.iter().cloned()));
    for entity in &scene.named.entities {
        if entity.watched && f.body.contains(&entity.key) {
            out.push(entity.key.clone());
        }
    }
    out.sort();
    out.dedup();
    out
}

fn absorb(scene: &Scene<'_>, event: &mut Event, f: &Finding) {
    event.rules.push((f.rule.clone(), f.words.clone()));
    event.told.push(f.sentence);
    let main = &mut event.main;
    // What an article leads with is its news, though its day lies weeks back.
    let leads = if main.date.is_none() { event.vote } else { f.vote };
    if main.kind == T::Dismissal && leads >= 3 && told_late(scene, main.date, f.date) {
        main.listed = true;
    }
    event.vote = event.vote.max(f.vote);
    let start_only = main.kind == T::Inquiry && f.fact == Fact::Planned && main.fact == Fact::Asserted;
    // The day on which a departure was announced goes before the day on which it takes effect.
    let today = PartialDate::Day(scene.day);
    let told =
        |d: Option<PartialDate>| d.is_some_and(|d| matches!(d, PartialDate::Day(_)) && d.last_day() <= scene.day);
    let to_come = |d: Option<PartialDate>| d.is_some_and(|d| d.last_day() > scene.day);
    let announced = matches!(main.kind, T::Resignation | T::Appointment)
        && scene.dated
        && (told(f.date) && to_come(main.date) && f.date.is_some_and(|d| d.days_apart(today) <= 14));
    let effective = matches!(main.kind, T::Resignation | T::Appointment) && told(main.date) && to_come(f.date);
    // "A hearing, due to start on 20 May, has been adjourned until September": the day that stands is the first told.
    let put_off =
        matches!(main.kind, T::MisconductHearing | T::Trial) && main.sentence == f.sentence && main.date.is_some();
    if (precision(f.date) > precision(main.date) && !start_only && !effective && !put_off) || announced {
        main.date = f.date;
        main.listed |= f.listed;
        main.fresh |= f.fresh;
    }
    if f.fact == Fact::Planned && main.fact == Fact::Asserted && main.date.is_none() {
        // It is still to come into being: so it is news.
        main.listed = true;
    }
    if main.fact == Fact::Planned && f.fact == Fact::Asserted {
        // "will be the next head of the force … She takes over a force that": to come all the same.
        main.listed |= main.date.is_none() && f.date.is_none();
        main.fact = Fact::Asserted;
        main.stage = f.stage;
    }
    for &w in &f.who {
        if !main.who.contains(&w) {
            main.who.push(w);
        }
    }
    for b in &f.body {
        if !main.body.contains(b) {
            main.body.push(b.clone());
        }
    }
    for &a in &f.about {
        if !main.about.contains(&a) && !main.who.contains(&a) {
            main.about.push(a);
        }
    }
    if main.unnamed.is_empty() && main.who.is_empty() {
        main.unnamed.clone_from(&f.unnamed);
    }
    if f.detail.len() > main.detail.len() && f.detail.len() < 160 {
        main.detail.clone_from(&f.detail);
    }
}

fn report(scene: &Scene<'_>, event: Event) -> Report {
    let f = event.main;
    let status = status(scene, &f, event.vote);
    let undated = f.date.is_none();
    let date = match (f.date, status) {
        (Some(d), _) => Some(d),
        (None, Status::New) => scene.dated.then_some(PartialDate::Day(scene.day)),
        (None, Status::Background) => None,
    };
    let sentence = scene.doc.sentences[f.sentence].span;
    let text = scene.doc.slice(sentence).to_owned();
    let reference = |key: &str| {
        scene.named.entities.iter().find(|e| e.key == key).map_or_else(
            || {
                // A body that only a rank or an area tells has its name from the gazetteer.
                let name = known_body_forms(key).next().unwrap_or(key).to_owned();
                EntityRef { id: key.to_owned(), name, watched: false }
            },
            |e| EntityRef { id: e.key.clone(), name: e.name.clone(), watched: e.watched },
        )
    };
    let person = |w: &usize| scene.cast.people.get(*w).map(|p| reference(&p.key));
    let mut marks: Vec<Span> = scene
        .named
        .mentions
        .iter()
        .filter(|m| sentence.contains(&m.span))
        .filter(|m| scene.named.entities.iter().any(|e| e.key == m.entity && e.watched))
        .map(|m| Span::new(m.span.start - sentence.start, m.span.end - sentence.start))
        .collect();
    marks.sort();
    let who: Vec<EntityRef> = f.who.iter().filter_map(person).collect();
    let mut about: Vec<EntityRef> = f.about.iter().filter_map(person).collect();
    about.extend(f.about_bodies.iter().filter(|b| !f.body.contains(b)).map(|b| reference(b)));
    let ambiguous = who
        .iter()
        .chain(&about)
        .any(|r| scene.named.entities.iter().any(|e| e.key == r.id && !e.candidates.is_empty()));
    let bare = who.is_empty() && f.body.is_empty();
    Report {
        kind: f.kind,
        unnamed: if who.is_empty() { f.unnamed.iter().map(|u| u.descriptor.clone()).collect() } else { Vec::new() },
        who,
        body: f.body.iter().map(|b| reference(b)).collect(),
        about,
        date,
        status,
        stage: if f.fact == Fact::Planned && f.stage == EventStage::Done { EventStage::Announced } else { f.stage },
        detail: f.detail,
        evidence: Evidence { text, span: sentence, marks },
        certainty: Certainty {
            asserted: !f.quoted || f.kind == T::Statement || f.kind == T::Apology,
            dated: !undated || event.vote.abs() >= 2,
            attributed: !ambiguous && !bare,
        },
        trace: event.rules.into_iter().map(|(rule, words)| Trace { rule, words }).collect(),
    }
}

/// New or background: by the date where it is known, else by a small vote.
fn status(scene: &Scene<'_>, f: &Finding, vote: i32) -> Status {
    let by = |new: bool| if new { Status::New } else { Status::Background };
    if f.fact == Fact::Planned || f.listed {
        return Status::New;
    }
    if f.recalled || narrative::earlier(scene, f) {
        return Status::Background;
    }
    match f.date {
        Some(PartialDate::Day(d)) if scene.dated => {
            let age = PartialDate::Day(d).days_apart(PartialDate::Day(scene.day));
            let low = if f.aside { -2 } else { -4 };
            by(d >= scene.day || age <= 14 && !narrative::last_week(scene, f) && !(vote <= low && !f.fresh && age > 1))
        }
        Some(date) if scene.dated => {
            let day = PartialDate::Day(scene.day);
            if date.first_day() > scene.day {
                Status::New
            } else {
                let may = date.compatible(day) || matches!(date, PartialDate::Month(..)) && date.days_apart(day) <= 14;
                by(may && vote >= if matches!(date, PartialDate::Month(..)) { 2 } else { 4 })
            }
        }
        _ => by(vote > 0),
    }
}

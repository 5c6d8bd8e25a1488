use super::*;
use crate::domain::{Certainty, EntityRef, Evidence, Span, Status};

fn entity(name: &str) -> EntityRef {
    EntityRef { id: name.to_owned(), name: name.to_owned(), watched: false }
}

/// A report written in one line: `type | who | body | about | date | new or background | evidence`, names split by `;`.
fn report(line: &str) -> Report {
    let parts: Vec<&str> = line.split('|').map(str::trim).collect();
    let names = |text: &str| text.split(';').map(str::trim).filter(|n| !n.is_empty()).map(entity).collect::<Vec<_>>();
    Report {
        kind: parts[0].parse().unwrap(),
        who: names(parts[1]),
        body: names(parts[2]),
        about: names(parts[3]),
        unnamed: Vec::new(),
        date: parts[4].parse().ok(),
        status: if parts[5] == "new" { Status::New } else { Status::Background },
        stage: EventStage::Done,
        detail: String::new(),
        evidence: Evidence { text: parts[6].to_owned(), span: Span::new(0, parts[6].len()), marks: Vec::new() },
        certainty: Certainty::SURE,
        trace: Vec::new(),
    }
}

/// Everything settled so far, found by keys as a store finds it.
#[derive(Default)]
struct Memory {
    developments: Vec<(Development, Vec<BlockingKey>)>,
    articles: Vec<(Neighbour, Vec<BlockingKey>)>,
}

impl Memory {
    fn settle(&mut self, name: &str, day: &str, url: Option<&str>, text: &str, reports: &[Report]) -> Settlement {
        let id = ArticleId::parse(name).unwrap();
        let at: Timestamp = format!("{day}T12:00:00Z").parse().unwrap();
        let telling = Telling { id: &id, url, outlet: None, agency: None, at, text, reports };
        let keys = search_keys(&telling);
        let near = |own: &[BlockingKey]| own.iter().any(|k| keys.contains(k));
        let known = Known {
            developments: self.developments.iter().filter(|(_, k)| near(k)).map(|(d, _)| d.clone()).collect(),
            articles: self.articles.iter().filter(|(_, k)| near(k)).map(|(a, _)| a.clone()).collect(),
        };
        let settlement = settle(&telling, &known, at);
        for (young, _) in &settlement.merged {
            self.developments.retain(|(d, _)| d.id != *young);
        }
        for (changed, keys) in &settlement.developments {
            self.developments.retain(|(d, _)| d.id != changed.id);
            self.developments.push((changed.clone(), keys.clone()));
        }
        self.developments.sort_by(|x, y| x.0.id.cmp(&y.0.id));
        let neighbour = Neighbour {
            id,
            copies_of: settlement.copies_of.clone(),
            url: url.map(str::to_owned),
            text: text.to_owned(),
            keywords: Vec::new(),
        };
        self.articles.push((neighbour, article_keys(&copies::sketch(text))));
        settlement
    }
}

/// Whether the first reports of two articles tell one event.
fn check(first: (&str, &str), second: (&str, &str), same: bool) {
    let mut memory = Memory::default();
    let a = memory.settle("a", first.0, None, "", &[report(first.1)]);
    let b = memory.settle("b", second.0, None, "", &[report(second.1)]);
    assert_eq!(a.placed[0].development == b.placed[0].development, same, "{} / {}", first.1, second.1);
    // And the other way round.
    let mut memory = Memory::default();
    let b = memory.settle("b", second.0, None, "", &[report(second.1)]);
    let a = memory.settle("a", first.0, None, "", &[report(first.1)]);
    assert_eq!(a.placed[0].development == b.placed[0].development, same, "reversed: {} / {}", first.1, second.1);
}

#[test]
fn what_happens_once_to_a_person_is_one_event_however_it_is_told() {
    let first = "charge | Ida Crewe | north-force | | 2024-03-04 | new | Ida Crewe was charged with theft on Monday.";
    for second in [
        "charge | Sgt Ida Crewe | north-force | | 2024-03 | background | Crewe, charged in March, is on bail.",
        "charge | Crewe | north-force | | | background | Crewe has already been charged.",
        "charge | Ida Crewe | | | 2024-03-05 | new | The CPS charged Crewe on Tuesday.",
    ] {
        check(("2024-03-05", first), ("2024-05-01", second), true);
    }
}

#[test]
fn a_paper_that_tells_it_as_new_some_days_late_tells_the_same() {
    let first = "charge | Ida Crewe | north-force | | 2024-03-04 | new | Ida Crewe was charged with theft on Monday.";
    for (day, second, same) in [
        ("2024-03-11", "charge | Ida Crewe | | | 2024-03-11 | new | Ida Crewe has been charged with theft.", true),
        ("2024-03-21", "charge | Ida Crewe | | | 2024-03-21 | new | Ida Crewe has been charged with theft.", false),
        (
            "2024-03-14",
            "charge | Ida Crewe | | | 2024-03-11 | new | Ida Crewe was charged with theft on Monday.",
            false,
        ),
        ("2024-03-11", "inquest | | | Ida Crewe | 2024-03-11 | new | The inquest into her death opened.", false),
    ] {
        check(("2024-03-05", first), (day, second), same);
    }
}

#[test]
fn a_report_is_known_by_its_force_and_author() {
    let first =
        "report_published | Una Vale | north-police; review | | 2024-03-04 | new | The review found a culture of fear.";
    for (second, same) in [
        (
            "report_published | Una Vale | north-police; ministry | | 2024-03 | background | Vale's report came in March.",
            true,
        ),
        (
            "report_published | Una Vale | south-police; review | | 2024-03 | background | Vale's report came in March.",
            false,
        ),
        ("report_published | | north-police | | 2024-03 | background | A report on drones came in March.", false),
    ] {
        check(("2024-03-05", first), ("2024-05-05", second), same);
    }
}

#[test]
fn an_event_told_twice_in_one_article_is_one() {
    let told = |lines: &[&str]| {
        let report = |line: &&str| {
            // `@60` at its end: where it stands in the article.
            let (line, start) = line.split_once('@').unwrap_or((line, "0"));
            let mut report = report(line.trim());
            let span = &mut report.evidence.span;
            (span.start, span.end) = (start.parse().unwrap(), start.parse::<usize>().unwrap() + span.end);
            report
        };
        let reports: Vec<Report> = lines.iter().map(report).collect();
        let settled = Memory::default().settle("a", "2024-03-05", None, "", &reports);
        settled.placed.iter().map(|p| p.development.clone()).collect::<BTreeSet<_>>().len()
    };
    let in_place = |line: &str, start: usize| format!("{line} @{start}");
    let charge = "charge | Ida Crewe | north-force | | 2024-03-04 | new | Ida Crewe was charged with theft.";
    for (second, events) in [
        ("charge | Ida Crewe | | | | background | Crewe, who is charged with theft, is 40.", 1),
        ("charge | Tom Blythe | north-force | | 2024-03-04 | new | Tom Blythe was charged with theft.", 2),
        ("charge | Ida Crewe | north-force | | 2019 | background | Crewe had been charged once before.", 2),
    ] {
        assert_eq!(told(&[charge, second]), events, "{second}");
    }
    // Told without a name first, and then with it; never the other way round, but for an apology.
    let unnamed = "charge | | north police | | 2024-03-04 | new | A constable was charged with theft.";
    let named = "charge | Ida Crewe | north police | | 2024-03-04 | new | Then it was said that PC Ida Crewe was charged with theft.";
    let other = "charge | Ida Crewe | south police | | 2024-03-04 | new | Then it was said that Ida Crewe was charged.";
    let sorry =
        ["Nell Orme", ""].map(|who| format!("apology | {who} | north police | Kit Vane | 2024-03-04 | new | Sorry."));
    assert_eq!(told(&[unnamed, &in_place(named, 60)]), 1);
    assert_eq!(told(&[&in_place(named, 0), &in_place(unnamed, 60)]), 2);
    assert_eq!(told(&[unnamed, &in_place(other, 60)]), 2);
    assert_eq!(told(&[unnamed, &in_place(&named.replace("03-04", "03-03"), 60)]), 2);
    assert_eq!(told(&[&sorry[0], &in_place(&sorry[1], 60)]), 1);
    let hearing = ["2024-03-01", "2024-06-01"].map(|date| {
        format!(
            "misconduct_hearing | Ida Crewe | | | {date} | new | Her hearing opened on 1 March and resumes on 1 June."
        )
    });
    assert_eq!(told(&[&hearing[0], &hearing[1]]), 1);
}

#[test]
fn slots_that_conflict_keep_reports_apart() {
    for (first, second) in [
        (
            "charge | Ida Crewe | north-force | | 2024-03-04 | new | Ida Crewe was charged with theft.",
            "charge | Tom Blythe | north-force | | 2024-03-04 | new | Tom Blythe was charged with theft.",
        ),
        (
            "arrest | Ida Crewe | north-force | | 2024-03 | new | Ida Crewe was arrested.",
            "arrest | Ida Crewe | north-force | | 2024-06-02 | new | Ida Crewe was arrested.",
        ),
        (
            "arrest | Ida Crewe | north-force | | | background | Ida Crewe was arrested.",
            "arrest | Ida Crewe | north-force | | 2024-06-02 | new | Ida Crewe was re-arrested.",
        ),
        (
            "complaint | Ida Crewe | north-force | | 2022 | background | The force rejected her complaint.",
            "complaint | Ida Crewe | north-force | | 2023 | background | The force rejected her complaint.",
        ),
        (
            "plea | Ida Crewe | north-force | | | background | Ida Crewe had pleaded not guilty.",
            "plea | Ida Crewe | north-force | | 2024-04-02 | new | Ida Crewe admitted theft.",
        ),
        (
            "special_measures | | watchdog; north-force | | 2024-03-04 | new | North was placed in special measures.",
            "special_measures | | watchdog; south-force | | 2024-03-04 | new | South was placed in special measures.",
        ),
        (
            "suspension | Ida Crewe | north-force | | | background | Crewe had been suspended.",
            "suspension | Ida Crewe | north-force | | 2024-06-02 | new | Crewe was suspended.",
        ),
        (
            "charge | Ida Crewe | north police | | 2024-03-04 | new | Ida Crewe was charged.",
            "charge | Ida Crewe | south police | | 2024-03-05 | new | Ida Crewe was charged.",
        ),
    ] {
        check(("2024-03-05", first), ("2024-06-03", second), false);
    }
}

#[test]
fn unnamed_officers_fold_only_in_the_same_words() {
    let told = |date: &str, words: &str| format!("arrest | | north-force | | {date} | new | {words}");
    let first = told("2024-03-04", "A constable aged 30 was arrested over a leaked file.");
    for (second, same) in [
        (told("2024-03-04", "A constable aged 30 was arrested over a leaked file on Monday."), true),
        (told("2024-03-11", "A constable aged 30 was arrested over a leaked file."), false),
        (told("2024-03-05", "An inspector was arrested after a crash."), false),
        (told("2024-03-04", "An inspector was arrested after a crash."), false),
        (told("2024-03-04", "A woman was arrested after a crash."), false),
        (told("2024-03-04", "An officer was arrested on Monday when a file went missing, the force said."), true),
        (told("2024-03-04", "An inspector was arrested on Monday when a file went missing, the force said."), false),
    ] {
        check(("2024-03-05", &first), ("2024-03-12", &second), same);
    }
}

#[test]
fn an_apology_to_somebody_is_told_again_for_some_days() {
    let first = "apology | | north police | Kit Vane | 2024-03-04 | new | North Police apologised to Kit Vane, who was wrongly held.";
    for (second, same) in [
        ("apology | Nell Orme | north police | Kit Vane | 2024-03-07 | new | Orme apologised to Vane.", true),
        ("apology | | north police | Kit Vane | 2024-03-07 | new | Vane, wrongly held, has an apology.", true),
        ("apology | | north police | Max Dorn | 2024-03-07 | new | The force apologised to Dorn, wrongly held.", false),
        ("apology | | north police | Kit Vane | 2024-04-07 | new | The force apologised to Vane.", false),
    ] {
        check(("2024-03-05", first), ("2024-03-07", second), same);
    }
}

#[test]
fn what_repeats_needs_day_and_content() {
    let first = "statement | Nell Orme | north-force | | 2024-03-04 | new | Nell Orme called the cells at Orford a filthy disgrace.";
    for (second, same) in [
        (
            "statement | Nell Orme | north-force | | 2024-03-04 | new | Orme said Orford had filthy cells, a disgrace.",
            true,
        ),
        ("statement | Nell Orme | north-force | | 2024-03-04 | new | Orme praised the new drones.", false),
        ("statement | Nell Orme | north-force | | | background | Orme has long praised drones.", false),
        (
            "statement | Kit Vane | north-force | | 2024-03-04 | new | Vane called the cells at Orford a filthy disgrace.",
            false,
        ),
    ] {
        check(("2024-03-05", first), ("2024-03-05", second), same);
    }
}

#[test]
fn types_that_tell_one_event_are_folded_in_one_article_and_found_again_apart() {
    let mut memory = Memory::default();
    let hearing = [
        "misconduct_finding | Ida Crewe | north-force | | 2024-03-04 | new | A panel found gross misconduct.",
        "dismissal | Ida Crewe | north-force | | 2024-03-04 | new | Crewe was dismissed without notice.",
        "sentence | Ida Crewe | north-force | | 2023-11 | background | She was fined in November.",
    ];
    let first = memory.settle("a", "2024-03-05", None, "", &hearing.map(report));
    let ids: Vec<&DevelopmentId> = first.placed.iter().map(|p| &p.development).collect();
    assert!(ids[0] == ids[1] && ids[1] != ids[2]);
    // What an inquiry finds of one body and asks of another, for the same people on the same day.
    let inquiry =
        "inquiry | | north-force | Tom Blythe | 2024-03-04 | new | The force failed Tom Blythe, an inquiry found.";
    for (asked, one) in [
        ("recommendation | | college | Tom Blythe | 2024-03-04 | new | It asks twelve things of the college.", true),
        ("recommendation | | college | Tom Blythe | 2024-03-02 | new | It had asked twelve things before.", false),
        ("recommendation | | college | Ann Orr | 2024-03-04 | new | Another asks twelve things.", false),
    ] {
        let mut memory = Memory::default();
        let placed = memory.settle("a", "2024-03-05", None, "", &[inquiry, asked].map(report)).placed;
        assert_eq!(placed[0].development == placed[1].development, one, "{asked}");
    }
    // What the authors of a report say of the force, which may stand as whom they speak of; not what the force says of them.
    let graded =
        "report_published | | hmicfrs; kent-police | | 2024-03-04 | new | Inspectors graded Kent Police inadequate.";
    for (said, one) in [
        (
            "statement | Ada Lunn | hmicfrs | kent-police | 2024-03-04 | new | Lunn said that callers were let down.",
            true,
        ),
        (
            "statement | Ada Lunn | hmicfrs; kent-police | | 2024-03-04 | new | Lunn said that callers were let down.",
            true,
        ),
        ("statement | Kit Vane | kent-police | hmicfrs | 2024-03-04 | new | Vane disputed the grade.", false),
        ("statement | Ada Lunn | hmicfrs | essex-police | 2024-03-04 | new | Lunn praised another force.", false),
    ] {
        let placed = Memory::default().settle("a", "2024-03-05", None, "", &[graded, said].map(report)).placed;
        assert_eq!(placed[0].development == placed[1].development, one, "{said}");
    }
    // A warning that a tribunal puts in the place of a dismissal; not an appeal against a sentence on the day of a hearing.
    let appeal = "appeal | Ida Crewe | north-force | | 2024-03-04 | new | A tribunal allowed her appeal.";
    for (found, one) in [
        (
            "misconduct_finding | Ida Crewe | north-force | | 2024-03-04 | new | It put a written warning in its place.",
            true,
        ),
        ("misconduct_finding | Ida Crewe | north-force | | 2024-03-04 | new | A panel found gross misconduct.", false),
    ] {
        let placed = Memory::default().settle("a", "2024-03-05", None, "", &[appeal, found].map(report)).placed;
        assert_eq!(placed[0].development == placed[1].development, one, "{found}");
    }
    // "The report" is the one that the article has told of.
    let published =
        "report_published | | watchdog | | 2024-03-04 | new | Cells are unsafe, a watchdog said in a report on Monday.";
    for (told, one) in [
        (
            "report_published | | north-force | | 2024-03-04 | new | The 61-page report says that the force had no grip.",
            true,
        ),
        (
            "report_published | | north-force | | 2024-03-04 | new | A second report says that the force had no grip.",
            false,
        ),
        (
            "report_published | | north-force | | 2023-03-04 | new | The first report said that the force had no grip.",
            false,
        ),
    ] {
        let mut reports = [published, told].map(report);
        reports[1].evidence.span = Span::new(200, 300);
        let placed = Memory::default().settle("a", "2024-03-05", None, "", &reports).placed;
        assert_eq!(placed[0].development == placed[1].development, one, "{told}");
    }
    let later = [report("dismissal | Ida Crewe | north-force | | 2024 | background | Crewe was sacked this year.")];
    assert_eq!(memory.settle("b", "2024-08-01", None, "", &later).placed[0].development, *ids[0]);
}

#[test]
fn a_report_that_is_the_same_as_two_developments_merges_them_into_the_older() {
    let mut memory = Memory::default();
    let named = report("arrest | Ida Crewe | | | 2024-03-04 | new | Ida Crewe has been arrested.");
    let victim =
        report("arrest | | north-force | Tom Blythe | 2024-03-04 | new | An officer was held over Tom Blythe.");
    let old = memory.settle("a", "2024-03-05", None, "", &[named]).placed[0].development.clone();
    let young = memory.settle("b", "2024-03-06", None, "", &[victim]).placed[0].development.clone();
    let both = report("arrest | Ida Crewe | north-force | Tom Blythe | 2024-03-04 | new | Crewe was held over Blythe.");
    let merged = memory.settle("c", "2024-03-07", None, "", &[both]);
    assert_eq!(merged.merged, [(young.clone(), old.clone())]);
    assert_eq!(merged.placed[0].development, old);
    assert_eq!(memory.developments.len(), 1);
    let development = &memory.developments[0].0;
    assert_eq!((development.reports.len(), &development.merged), (3, &vec![young]));
}

#[test]
fn near_copies_and_versions_are_one_cluster() {
    let text = "The force said on Monday that the sergeant had been taken off all duties while detectives look at how \
                the file left the building and who had read it before it was sold.";
    let other = "Nothing of the kind was said at the meeting of the parish council, which spent an hour on the matter of \
                 the hedge and another on the bench beside the pond.";
    for (url, body, cluster) in [
        (None, format!("Copyright of the agency. {text} Read more in our newsletter."), "a"),
        (Some("https://news.test/1"), format!("{text} {other} {other}"), "a"),
        (None, other.to_owned(), "b"),
    ] {
        let mut memory = Memory::default();
        memory.settle("a", "2024-03-05", Some("https://news.test/1"), text, &[]);
        assert_eq!(memory.settle("b", "2024-03-06", url, &body, &[]).copies_of.as_str(), cluster, "{body}");
    }
}

#[test]
fn settling_the_same_article_again_keeps_its_developments() {
    let mut memory = Memory::default();
    let reports = [
        report("charge | Ida Crewe | north-force | | 2024-03-04 | new | Ida Crewe was charged."),
        report("suspension | Ida Crewe | north-force | | 2024-03-04 | new | She was suspended."),
    ];
    let first = memory.settle("a", "2024-03-05", None, "", &reports);
    let again = memory.settle("a", "2024-03-06", None, "", &reports);
    let ids = |s: &Settlement| s.placed.iter().map(|p| p.development.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&first), ids(&again));
    assert!(memory.developments.iter().all(|(d, _)| d.reports.len() == 1));
}

#[test]
fn a_name_is_compared_without_titles() {
    use super::view::Name;
    let name = |text: &str| Name::new(&entity(text), rules());
    for (a, b, same) in [
        ("Ida Crewe", "DCI Ida Crewe", true),
        ("Crewe", "Ida Crewe", true),
        ("Ida Crewe", "Ida Mary Crewe", true),
        ("Ida Crewe", "Tom Crewe", false),
        ("Ida", "Ida Crewe", false),
    ] {
        assert_eq!(name(a).same(&name(b)), same, "{a} {b}");
    }
}

impl Memory {
    /// Puts what was decided by hand in the place of what it was decided about.
    fn put(&mut self, gone: &[&DevelopmentId], now: Vec<Development>) {
        self.developments.retain(|(d, _)| !gone.contains(&&d.id) && !now.iter().any(|n| n.id == d.id));
        self.developments.extend(now.into_iter().map(|d| (d.clone(), by_hand::keys(&d, ""))));
        self.developments.sort_by(|x, y| x.0.id.cmp(&y.0.id));
    }

    fn get(&self, id: &DevelopmentId) -> Development {
        self.developments.iter().find(|(d, _)| d.id == *id).map(|(d, _)| d.clone()).unwrap()
    }
}

const MONDAY: &str =
    "charge | Ida Crewe | north-force | | 2024-03-04 | new | Ida Crewe was charged with theft on Monday.";

#[test]
fn what_was_split_by_hand_stays_split() {
    let mut memory = Memory::default();
    let other = "arrest | Max Dorn | north-force | | 2024-03-04 | new | Max Dorn was arrested.";
    let a = memory.settle("a", "2024-03-05", None, "", &[report(MONDAY)]);
    let b = memory.settle("b", "2024-03-05", None, "", &[report(MONDAY), report(other)]);
    let one = a.placed[0].development.clone();
    assert_eq!(one, b.placed[0].development);
    let id = |name: &str| ArticleId::parse(name).unwrap();
    let (stays, own) = by_hand::split(memory.get(&one), &[id("b")]).unwrap();
    assert_eq!((stays.reports.len(), own.reports.len(), own.alerted.clone()), (1, 1, stays.alerted.clone()));
    let two = own.id.clone();
    memory.put(&[], vec![stays, own]);
    // New versions of both articles, and an article that could tell either.
    for (name, home) in [("a", &one), ("b", &two)] {
        let again = memory.settle(name, "2024-03-06", None, "", &[report(MONDAY)]);
        assert_eq!(&again.placed[0].development, home, "{name}");
        assert_eq!(again.placed[0].grounds, ["decided by hand"]);
    }
    let c = memory.settle("c", "2024-03-06", None, "", &[report(MONDAY)]);
    assert!(c.placed[0].development == one || c.placed[0].development == two);
    assert!(c.merged.is_empty() && c.decisions.iter().any(|d| d.rule == "kept_apart"), "{:?}", c.decisions);
    // What the article tells of somebody else is not drawn along.
    let again = memory.settle("b", "2024-03-07", None, "", &[report(MONDAY), report(other)]);
    assert_eq!(again.placed[1].development, b.placed[1].development);
    for (articles, fault) in
        [(vec![id("x")], "none of these"), (vec![id("a"), id("b"), id("c")], "nothing would be left")]
    {
        let both = Development { reports: memory.get(&one).reports, ..memory.get(&one) };
        assert!(by_hand::split(both, &articles).unwrap_err().contains(fault));
    }
}

#[test]
fn a_later_version_with_another_name_tells_the_same_event() {
    let told = |name: &str, words: &str| {
        report(&format!("suspension | {name} | north police | | 2024-03-04 | new | Sgt {name} {words}"))
    };
    let words = "was suspended on Monday over missing cash, the force said.";
    for (second, same) in
        [(told("Ida Crew-Holt", words), true), (told("Max Dorn", "is suspended over a crash at sea."), false)]
    {
        let mut memory = Memory::default();
        let first =
            memory.settle("a", "2024-03-05", None, "", &[told("Ida Crewe", words)]).placed[0].development.clone();
        let again = memory.settle("a", "2024-03-06", None, "", &[second]).placed[0].development.clone();
        assert_eq!(first == again, same);
        // In another article it is of somebody else.
        let other =
            memory.settle("b", "2024-03-06", None, "", &[told("Una Vale", words)]).placed[0].development.clone();
        assert!(other != first && other != again);
    }
    // Both told at once: the new one is another event.
    let mut memory = Memory::default();
    let crewe = memory.settle("a", "2024-03-05", None, "", &[told("Ida Crewe", words)]).placed[0].development.clone();
    let both = memory.settle("a", "2024-03-06", None, "", &[told("Una Vale", words), told("Ida Crewe", words)]);
    assert_eq!((both.placed[0].joined, &both.placed[1].development), (false, &crewe));
}

#[test]
fn what_was_merged_by_hand_stays_merged_until_it_is_parted() {
    let later = "charge | Ida Crewe | north-force | | 2024-06-10 | new | Ida Crewe was charged with fraud in June.";
    let mut memory = Memory::default();
    let a = memory.settle("a", "2024-03-05", None, "", &[report(MONDAY)]).placed[0].development.clone();
    let b = memory.settle("b", "2024-06-11", None, "", &[report(later)]).placed[0].development.clone();
    assert_ne!(a, b);
    let before = (memory.get(&a), memory.get(&b));
    let (one, gone) = by_hand::merge(before.0.clone(), before.1.clone(), false);
    assert_eq!((&one.id, &gone, one.reports.len()), (&a, &b, 2));
    assert_eq!(by_hand::merge(before.1.clone(), before.0.clone(), false).0, one, "whichever is named first");
    memory.put(&[&b], vec![one]);
    // Either event told again, and a new version of either article, is the one development.
    for (name, day, line) in [("b", "2024-06-12", later), ("c", "2024-06-13", later), ("d", "2024-06-13", MONDAY)] {
        let told = memory.settle(name, day, None, "", &[report(line)]);
        assert_eq!(told.placed[0].development, a, "{name}");
    }
    let (stays, own) = by_hand::part(memory.get(&a), &b).unwrap();
    assert_eq!((own.id.clone(), own.date, own.by_hand.is_empty()), (b.clone(), before.1.date, true));
    assert_eq!(own.reports.len(), 1);
    assert!(stays.merged.is_empty() && !stays.reports.iter().any(|r| r.article.as_str() == "b"));
    assert!(by_hand::part(stays, &b).is_none());
}

#[test]
fn saying_that_two_are_one_takes_back_that_one_is_two() {
    let mut memory = Memory::default();
    memory.settle("a", "2024-03-05", None, "", &[report(MONDAY)]);
    let b = memory.settle("b", "2024-03-05", None, "", &[report(MONDAY)]).placed[0].development.clone();
    let whole = memory.get(&b);
    let (stays, own) = by_hand::split(whole.clone(), &[ArticleId::parse("b").unwrap()]).unwrap();
    let (one, _) = by_hand::merge(stays, own, false);
    assert_eq!((one.id, one.date, one.reports.len(), one.by_hand.apart), (whole.id, whole.date, 2, Vec::new()));
}

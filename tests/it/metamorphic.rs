//! Texts in another dress say the same; texts with a known change say what the change makes of them.
//!
//! Run over all our own labelled texts and, where they are at hand, the shared ones. What the program cannot do yet is counted, and
//! the count is held by a ceiling in `tests/quality/baseline.json`.

mod changes;
mod signature;

use crate::quality::baseline::{self, Figures, Kind};
use crate::quality::cases::{Case, CaseSet, Reading, read, root};
use crate::support::shared_data;
use changes::Renaming;
use conductwatch::stages::extract::Extractor;
use jiff::{Timestamp, ToSpan};
use signature::{Signature, plain};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{LazyLock, Mutex};

/// Most faults that are printed of one change.
const SHOWN: usize = 40;

/// A text, what it is read with, and what is read out of it as it came.
struct Text {
    set: usize,
    case: usize,
    reading: Reading,
}

/// Sets whose figures are pinned under one name.
struct Family {
    name: &'static str,
    sets: Vec<(CaseSet, Extractor)>,
    texts: Vec<Text>,
}

impl Family {
    fn new(name: &'static str, sets: Vec<CaseSet>) -> Self {
        let sets: Vec<(CaseSet, Extractor)> =
            sets.into_iter().map(|s| (Extractor::new(&s.watchlist), s)).map(|(e, s)| (s, e)).collect();
        let places = sets.iter().enumerate().flat_map(|(n, (s, _))| (0..s.cases.len()).map(move |c| (n, c)));
        let texts = Mutex::new(Vec::new());
        spread(&places.collect::<Vec<_>>(), |&(set, case)| {
            let (cases, extractor) = (&sets[set].0.cases, &sets[set].1);
            let text = Text { set, case, reading: cases[case].read(extractor) };
            texts.lock().unwrap().push(text);
        });
        let mut texts = texts.into_inner().unwrap();
        texts.sort_by_key(|t| (t.set, t.case));
        Self { name, sets, texts }
    }
}

/// Our own texts, then the shared ones where they are at hand; each is read once for all changes.
static FAMILIES: LazyLock<Vec<Family>> = LazyLock::new(|| {
    let own = baseline::folders().iter().map(|f| CaseSet::read(&root().join(f), f)).collect();
    let mut out = vec![Family::new("metamorphic, own texts", own)];
    if let Some(data) = shared_data("metamorphic") {
        let mut names: Vec<String> = std::fs::read_dir(&data)
            .unwrap()
            .map(|e| e.unwrap().file_name().to_string_lossy().into_owned())
            .filter(|n| n == "seeds" || n.starts_with("stories"))
            .collect();
        names.sort();
        let sets = names.iter().map(|n| CaseSet::read(&data.join(n), n)).collect();
        out.push(Family::new("metamorphic, shared texts", sets));
    }
    out
});

/// What one change did to the texts of one family.
#[derive(Default)]
struct Outcome {
    /// Texts that were changed.
    changed: usize,
    /// Texts of which something else was read than the change allows, with what.
    faults: Vec<String>,
}

/// Runs `check` over all texts of all families, and holds the count of faults under its ceiling. `check` gives `None` where the
/// change does not apply, else the differences.
fn hold(change: &str, check: impl Fn(&CaseSet, &Extractor, &Case, &Reading) -> Option<Vec<String>> + Sync) {
    let mut faults = Vec::new();
    for family in FAMILIES.iter() {
        let outcome = Mutex::new(Outcome::default());
        spread(&family.texts, |text| {
            let (set, extractor) = &family.sets[text.set];
            let case = &set.cases[text.case];
            if let Some(differences) = check(set, extractor, case, &text.reading) {
                let mut outcome = outcome.lock().unwrap();
                outcome.changed += 1;
                if !differences.is_empty() {
                    outcome.faults.push(format!("{}/{}\n    {}", set.name, case.name, differences.join("\n    ")));
                }
            }
        });
        let mut outcome = outcome.into_inner().unwrap();
        outcome.faults.sort();
        let name = family.name;
        println!("{name}: {change}: {} of {} texts read otherwise", outcome.faults.len(), outcome.changed);
        for fault in outcome.faults.iter().take(SHOWN) {
            println!("  {fault}");
        }
        assert!(outcome.changed > 0, "{name}: {change}: no text to change");
        let figures = Figures::from([(change.to_owned(), outcome.faults.len() as f64)]);
        faults.extend(baseline::judge(Kind::Ceiling, name, &figures));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Does `work` for each of `todo`, on as many threads as there are processors.
fn spread<T: Sync>(todo: &[T], work: impl Fn(&T) + Sync) {
    let next = AtomicUsize::new(0);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(one) = todo.get(next.fetch_add(1, Ordering::Relaxed)) {
                    work(one);
                }
            });
        }
    });
}

fn as_is(reading: &Reading) -> Signature {
    Signature::of(reading, str::to_owned)
}

/// Holds that `change` of a text's dress changes nothing.
fn hold_dress(change: &str, dress: impl Fn(&Case) -> Option<String> + Sync) {
    hold(change, |_, extractor, case, before| {
        let raw = dress(case)?;
        let before = as_is(before);
        let after = as_is(&read(extractor, &raw, case.published, case.modified));
        Some(before.differences(&after))
    });
}

#[test]
fn windows_line_ends_change_nothing() {
    hold_dress("windows line ends", |case| Some(changes::windows_lines(case)));
}

#[test]
fn spaces_that_do_not_break_change_nothing() {
    hold_dress("spaces that do not break", |case| Some(changes::hard_spaces(case)));
}

#[test]
fn captions_change_nothing() {
    hold_dress("captions", |case| Some(changes::with_captions(case)));
}

#[test]
fn furniture_changes_nothing() {
    hold_dress("furniture", |case| Some(changes::with_furniture(case)));
}

#[test]
fn straight_quotation_marks_change_nothing() {
    hold_dress("straight quotation marks", changes::straight_marks);
}

#[test]
fn curly_quotation_marks_change_nothing() {
    hold_dress("curly quotation marks", changes::curly_marks);
}

#[test]
fn single_quotation_marks_change_nothing() {
    hold_dress("single quotation marks", changes::single_marks);
}

#[test]
fn another_year_moves_the_dates_and_nothing_else() {
    hold("another year", |_, extractor, case, before| {
        // The calendar comes round after 28 years, Easter does not.
        if ["Easter", "Good Friday"].iter().any(|day| case.raw.contains(day)) {
            return None;
        }
        let before = Signature::of(before, changes::a_round_later);
        let later = |at: Option<Timestamp>| {
            at.map(|t| t.in_tz("Europe/London").unwrap().checked_add(changes::ROUND.years()).unwrap().timestamp())
        };
        let raw = changes::a_round_later(&case.raw);
        let after = read(extractor, &raw, later(case.published), later(case.modified));
        Some(before.differences(&as_is(&after)))
    });
}

#[test]
fn other_names_give_other_entities_and_nothing_else() {
    hold("other names", |set, _, case, before| {
        let names = Renaming::new(set, case);
        let renamed = Extractor::new(&names.rename_watchlist(&set.watchlist));
        let before = as_is(before);
        let after = read(&renamed, &names.rename(&case.raw), case.published, case.modified);
        Some(before.differences(&Signature::of(&after, |line| names.undo(line))))
    });
}

#[test]
fn not_takes_the_development_away() {
    hold("not", |_, extractor, case, before| {
        let mut differences = Vec::new();
        let mut tried = false;
        for report in &before.found.reports {
            let sentence = &report.evidence.text;
            let Some(changed) = changes::negated(report.kind, sentence) else { continue };
            if case.raw.matches(sentence.as_str()).count() != 1 {
                continue;
            }
            tried = true;
            let after = read(extractor, &case.raw.replace(sentence.as_str(), &changed), case.published, case.modified);
            let told =
                after.found.reports.iter().find(|r| {
                    r.kind == report.kind && plain(&r.evidence.text) == plain(&changed) && r.certainty.asserted
                });
            differences.extend(told.map(|r| format!("{} all the same: {}", r.kind, r.evidence.text)));
        }
        tried.then_some(differences)
    });
}

/// Characters between two cuts of a text.
const STRIDE: usize = 61;

#[test]
fn a_text_cut_anywhere_is_read() {
    let sets: Vec<CaseSet> = baseline::folders().iter().map(|f| CaseSet::read(&root().join(f), f)).collect();
    let extractors: Vec<Extractor> = sets.iter().map(|s| Extractor::new(&s.watchlist)).collect();
    let mut cuts = Vec::new();
    for (set, extractor) in sets.iter().zip(&extractors) {
        for (n, case) in set.cases.iter().enumerate() {
            let ends = case.raw.char_indices().map(|(at, _)| at).skip(n * 13 % STRIDE).step_by(STRIDE);
            cuts.extend(ends.map(|at| (extractor, case, at)));
        }
    }
    let faults = Mutex::new(Vec::new());
    spread(&cuts, |(extractor, case, at)| {
        for piece in [&case.raw[..*at], &case.raw[*at..]] {
            let work = std::panic::AssertUnwindSafe(|| read(extractor, piece, case.published, case.modified));
            if std::panic::catch_unwind(work).is_err() {
                faults.lock().unwrap().push(format!("{} cut at byte {at}", case.name));
            }
        }
    });
    let faults = faults.into_inner().unwrap();
    println!("{} cuts", cuts.len());
    assert!(faults.is_empty(), "a panic in:\n{}", faults.join("\n"));
}

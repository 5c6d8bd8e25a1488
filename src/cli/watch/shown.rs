//! What a rehearsal found, for people.

use super::super::output::{self, Paint, count, paint, plain, wrap};
use crate::stages::rehearse::{FormHits, NearMiss, Rehearsal, Sample};

/// Prints what a rehearsal found.
pub(super) struct Shown {
    pub(super) paint: Paint,
    pub(super) width: Option<usize>,
}

impl Shown {
    pub(super) fn rehearsal(&self, name: &str, found: &Rehearsal) {
        let articles = count(found.articles as u64, "article");
        self.say(0, &format!("{name}: named in {} of {articles} stored", found.hit));
        for (title, rows) in [("Hits, by form and rule", &found.hits), ("Could not be told whose", &found.unresolved)] {
            if !rows.is_empty() {
                self.title(title);
            }
            for row in rows {
                self.form(row);
            }
        }
        let kinds = [
            ("namesake", "The name, but taken for somebody else"),
            ("other_given_name", "The same surname, another given name"),
            ("spelled_nearly_so", "Spelled nearly so"),
            ("in_another_name", "Inside another name"),
            ("not_taken", "The form stands there, but was not taken"),
        ];
        for (kind, title) in kinds {
            let rows: Vec<&NearMiss> = found.near.iter().filter(|n| n.kind == kind).collect();
            if !rows.is_empty() {
                self.title(title);
            }
            for row in rows {
                let articles = count(row.articles as u64, "article");
                self.say(
                    2,
                    &format!("{}: {articles}; {}", self.paint.text(paint::BOLD, &plain(&row.form)), plain(&row.why)),
                );
                self.samples(&row.samples);
            }
        }
        if found.hit == 0 && found.near.is_empty() && found.unresolved.is_empty() {
            self.say(0, "Nothing that is stored names it, or nearly.");
        }
    }

    fn form(&self, row: &FormHits) {
        let (times, articles) = (count(row.times as u64, "time"), count(row.articles as u64, "article"));
        let rule = row.rule.replace('_', " ");
        self.say(2, &format!("{}: {times} in {articles}, by {rule}", self.paint.text(paint::BOLD, &plain(&row.form))));
        self.samples(&row.samples);
    }

    pub(super) fn title(&self, text: &str) {
        output::line("");
        self.paint.line(paint::BOLD, text);
    }

    pub(super) fn samples(&self, samples: &[Sample]) {
        for sample in samples {
            self.say(6, &format!("“{}”", plain(&sample.sentence)));
            let place = plain(sample.url.as_deref().unwrap_or(&sample.headline));
            self.say(8, &self.paint.text(paint::DIM, &place));
        }
    }

    /// Text that was made printable, wrapped behind `indent` blanks.
    pub(super) fn say(&self, indent: usize, text: &str) {
        output::raw_line(&wrap(&format!("{}{text}", " ".repeat(indent)), indent + 2, self.width));
    }
}

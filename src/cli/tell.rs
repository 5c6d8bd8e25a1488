//! Answers of the store, as text for people: wrapped at a terminal, times in the zone of the digests.

use super::digest::standing;
use super::output::{Paint, count, headline, plain, wrap};
use super::table::{Cell, Column, Table};
use crate::config::Config;
use crate::domain::{Alert, AlertKind, Basis, Level, Watchlist};
use jiff::Timestamp;
use serde_json::Value;

/// Columns from which on tables show all they have.
const WIDE_TABLE: usize = 112;

/// Puts answers into words.
pub(super) struct Teller<'a> {
    /// Names the zone, and the feeds there should be.
    pub(super) config: &'a Config,
    /// Columns to wrap at; `None`: lines stay whole.
    pub(super) width: Option<usize>,
}

/// Whom or what an alert is about: those of the watchlist, or its keyword.
pub(super) fn about(alert: &Alert, watchlist: &Watchlist) -> String {
    match &alert.content {
        AlertKind::Keyword { keyword } => watchlist.name_of(keyword).unwrap_or(keyword).to_owned(),
        _ => alert.tracked_names.join(", "),
    }
}

impl Teller<'_> {
    pub(super) fn zone(&self) -> &str {
        &self.config.digest.schedule.zone
    }

    /// `2026-10-09 18:00` in the zone of the digests; `never` for nothing.
    pub(super) fn moment(&self, value: &Value) -> String {
        let at = value.as_str().and_then(|text| text.parse::<Timestamp>().ok());
        at.and_then(|at| at.in_tz(self.zone()).ok())
            .map_or_else(|| "never".to_owned(), |at| at.strftime("%Y-%m-%d %H:%M").to_string())
    }

    /// `text`, which may come from outside, behind `lead`, wrapped under itself.
    pub(super) fn hung(&self, lead: &str, text: &str) -> String {
        let text = plain(text);
        format!("\n{}", wrap(&format!("{lead}{text}"), lead.chars().count(), self.width))
    }

    /// The trail of decisions.
    pub(super) fn why(&self, value: &Value) -> String {
        let mut out = format!("why: {}   (times of {})", text(value, "about"), self.zone());
        for step in list(value, "trail") {
            let kind = text(&step["subject"], "kind");
            out += &format!("\n\n{} {}", kind.to_uppercase(), text(&step["subject"], "id"));
            for line in [headline(text(step, "title")), text(step, "address").to_owned()] {
                if !line.is_empty() {
                    out += &self.hung("  ", &line);
                }
            }
            if step["feed"].is_object() {
                out += &self.hung("  ", &self.feed_state(&step["feed"]));
            }
            out += &self.read_in(&step["read"]);
            out += &self.told_by(&step["told_by"]);
            let decisions = list(step, "decisions");
            if decisions.is_empty() && kind == "feed" {
                out += "\n  No decision is recorded: of a feed only failures are.";
            } else if decisions.is_empty() {
                out += "\n  No decision is recorded.";
            }
            for decision in decisions {
                let mark = match text(decision, "outcome") {
                    "passed" => "yes",
                    "stopped" => "no",
                    _ => "later",
                };
                let rule = text(decision, "rule");
                let evidence = match text(decision, "evidence") {
                    "" => meaning(rule),
                    evidence => evidence,
                };
                let said = if evidence.is_empty() { words(rule) } else { format!("{}: {evidence}", words(rule)) };
                let lead = format!("  {}  {:<8} {mark:<5} ", self.moment(&decision["at"]), text(decision, "stage"));
                out += &self.hung(&lead, &said);
            }
        }
        out
    }

    /// What was read in an article: what it reports, and what could not be told.
    fn read_in(&self, read: &Value) -> String {
        let mut out = String::new();
        for report in list(read, "reports") {
            let names: Vec<&str> = list(report, "about").iter().filter_map(Value::as_str).collect();
            let about = if names.is_empty() { String::new() } else { format!(" ({})", names.join(", ")) };
            let date = report["date"].as_str().map(|d| format!(", {d}")).unwrap_or_default();
            let (status, stage) = (text(report, "status"), text(report, "stage"));
            let doubt = report["doubt"].as_str().map(|d| format!(", {d}")).unwrap_or_default();
            out += &self.hung(
                "  reports ",
                &format!(
                    "{}{about}: {status}, {stage}{date}{doubt}: “{}”",
                    text(report, "label"),
                    text(report, "evidence")
                ),
            );
            let rules: Vec<&str> = list(report, "rules").iter().filter_map(Value::as_str).collect();
            if !rules.is_empty() {
                out += &self.hung("          ", &format!("by {}", rules.join("; ")));
            }
        }
        for doubt in list(read, "doubts") {
            let line = format!("{}: “{}”", text(doubt, "reason"), text(doubt, "evidence"));
            out += &self.hung("  in doubt ", &line);
        }
        out
    }

    /// Who tells a development, and why each was taken for it.
    fn told_by(&self, told: &Value) -> String {
        let mut out = String::new();
        for report in told.as_array().map_or(&[][..], Vec::as_slice) {
            let grounds: Vec<&str> = list(report, "grounds").iter().filter_map(Value::as_str).collect();
            let outlet = report["outlet"].as_str().unwrap_or("an outlet without a name");
            let who = format!("{outlet}, {}, article {}", self.moment(&report["at"]), text(report, "article"));
            let line = format!("{who}, as {}: {}", text(report, "status"), grounds.join("; "));
            out += &self.hung("  told by ", &line);
        }
        out
    }

    /// How a feed stands, in one line.
    fn feed_state(&self, feed: &Value) -> String {
        let mut out = format!(
            "last read {}, {} seen, {} of them passed over",
            self.moment(&feed["last_success"]),
            count(number(feed, "entries_seen"), "entry"),
            number(feed, "passed_over")
        );
        if feed["last_failure"].is_object() {
            let failures = number(feed, "failures");
            out += &format!(
                "; {} in a row, the last: {}",
                count(failures, "failure"),
                text(&feed["last_failure"], "message")
            );
        }
        out + &format!("; next check {} ({})", self.moment(&feed["next_due"]), due(text(feed, "due_reason")))
    }

    /// What the store takes, and the room that is left.
    pub(super) fn store_sizes(&self, value: &Value) -> String {
        let sizes = &value["store"];
        let Some(free) = sizes["free_bytes"].as_u64() else { return size(number(&value["counts"], "bytes")) };
        let of = |key| number(sizes, key);
        let mut out = format!(
            "{} of sled and {} of archive; {} free",
            size(of("sled_bytes")),
            size(of("archive_bytes")),
            size(free)
        );
        if free < of("reserve_bytes") {
            out += &format!(": TOO LITTLE, nothing is written below {}", size(of("reserve_bytes")));
        } else if of("ballast_bytes") == 0 {
            out += "; the ballast was given up and comes back with more room";
        }
        out
    }

    /// When things that were kept long enough were last removed, and what.
    pub(super) fn last_purge(&self, round: &Value) -> String {
        if !round.is_object() {
            return "not yet: things that were kept long enough go at night".to_owned();
        }
        let removed = &round["removed"];
        let parts: Vec<String> = ["alert", "digest", "article"]
            .iter()
            .map(|thing| (number(removed, &format!("{thing}s")), thing))
            .filter(|(n, _)| *n > 0)
            .map(|(n, thing)| count(n, thing))
            .collect();
        let what = if parts.is_empty() {
            "nothing was old enough".to_owned()
        } else {
            format!("{} removed", parts.join(", "))
        };
        format!("{}: {what}", self.moment(&round["at"]))
    }

    /// `digest ID to desk: waiting, 3 attempts`.
    pub(super) fn delivery(&self, delivery: &Value, state: &str) -> String {
        format!(
            "digest {} to {}: {state}, {}",
            text(delivery, "digest"),
            text(delivery, "channel"),
            count(number(delivery, "attempts"), "attempt")
        )
    }

    /// All alerts, the newest last.
    pub(super) fn alerts(&self, value: &Value) -> String {
        let rows = list(value, "alerts");
        if rows.is_empty() {
            return if value["held"] == true { "no alert is held back" } else { "no alert was raised yet" }.to_owned();
        }
        let mut out = String::new();
        for alert in rows {
            let Ok(raised) = serde_json::from_value::<Alert>(alert.clone()) else {
                // A daemon of another version answered: the id is what counts.
                out += &format!("\n{}", text(alert, "id"));
                continue;
            };
            let what = raised.label();
            let about = match about(&raised, &self.config.watchlist) {
                about if about.is_empty() => about,
                about => format!(": {about}"),
            };
            let changes = raised.changes().iter().map(|c| c.what.clone()).collect::<Vec<_>>().join("; ");
            let Alert { id, level, headline: title, outlet, basis, corrects, held, .. } = raised;
            let minor = if level == Level::Minor { " (minor)" } else { "" };
            let lead = format!("{id}  {}  ", self.moment(&alert["raised"]));
            out += &self.hung(&lead, &format!("{what}{minor}{about}"));
            let from = outlet.map(|o| format!("{o}: ")).unwrap_or_default();
            let only = if basis == Basis::HeadlineOnly { " (headline only)" } else { "" };
            let under = " ".repeat(lead.chars().count());
            out += &self.hung(&under, &format!("{from}{}{only}", headline(&title)));
            if !changes.is_empty() {
                out += &self.hung(&under, &changes);
            }
            for earlier in corrects {
                out += &self.hung(&under, &format!("about alert {}: {}", earlier.alert, earlier.label));
            }
            if held {
                out += &self.hung(&under, "held back by the flood breaker");
            } else if alert["told_in"].is_null() && alert["waits"] == false {
                out += &self.hung(&under, "no digest tells it: it was muted, or taken back");
            }
            if let Some(said) = self.config.watchlist.rulings.said_of(&id) {
                out += &self.hung(&under, &format!("you said that it {said}"));
            }
        }
        out.trim_start_matches('\n').to_owned()
    }

    /// All digests, and deliveries that are not done.
    pub(super) fn digests(&self, value: &Value) -> String {
        let rows = list(value, "digests");
        let mut out = if rows.is_empty() { "no digest was made yet".to_owned() } else { String::new() };
        for row in rows {
            let lead = format!("{}  ", text(row, "id"));
            out += &self.hung(&lead, text(row, "subject"));
            let under = " ".repeat(lead.chars().count());
            let deliveries = list(row, "deliveries");
            let stand = deliveries.iter().map(standing).collect::<Vec<_>>().join("; ");
            out += &self.hung(&under, &stand);
            for failed in deliveries.iter().filter(|d| d["state"] != "sent") {
                if let Some(failure) = failed["last_failure"].as_str() {
                    out += &self.hung(&under, failure);
                }
            }
        }
        out.trim_start_matches('\n').to_owned()
    }

    /// What selection passed over, the newest first.
    pub(super) fn passed_over(&self, value: &Value) -> String {
        let (rows, total) = (list(value, "passed_over"), number(value, "total"));
        let were = if total == 1 { "was" } else { "were" };
        let mut out = format!("{} {were} passed over", count(total, "entry"));
        if (rows.len() as u64) < total {
            out += &format!("; the newest {}", rows.len());
        }
        if !rows.is_empty() {
            out.push(':');
        }
        for row in rows {
            let lead = format!("{}  ", self.moment(&row["first_seen"]));
            let title = Some(text(row, "headline")).filter(|h| !h.is_empty()).unwrap_or("(without a headline)");
            out += &self.hung(&lead, &headline(title));
            let under = " ".repeat(lead.chars().count());
            let rule = text(row, "reason");
            out += &self.hung(&under, &format!("{}: {}", text(row, "feed"), explained(rule)));
            if !text(row, "address").is_empty() {
                out += &self.hung(&under, text(row, "address"));
            }
        }
        out
    }

    /// How each feed stands.
    pub(super) fn feeds(&self, value: &Value) -> String {
        let known = list(value, "feeds");
        let configured = &self.config.feeds;
        let mut ids: Vec<&str> = configured.iter().map(|f| f.id.as_str()).collect();
        ids.extend(known.iter().map(|f| text(f, "id")));
        ids.sort_unstable();
        ids.dedup();
        if ids.is_empty() {
            return "there are no feeds in the configuration".to_owned();
        }
        // At a narrow terminal the year goes, and what matters least.
        let narrow = self.width.filter(|columns| *columns < WIDE_TABLE);
        let moment = |value: &Value| {
            let whole = self.moment(value);
            let short = whole.split_once('-').filter(|_| narrow.is_some()).map(|(_, rest)| rest.to_owned());
            short.unwrap_or(whole)
        };
        let mut columns = vec![
            Column::Cut("FEED"),
            Column::Whole("STATE"),
            Column::Whole("LAST READ"),
            Column::Whole("NEXT CHECK"),
            Column::Number("SEEN"),
        ];
        if narrow.is_none() {
            columns.push(Column::Number("PASSED"));
        }
        columns.push(Column::Number("SIZE"));
        if narrow.is_none() {
            columns.push(Column::Rest("WHY THEN"));
        }
        let mut table = Table::new(columns);
        // What is said below each row; nothing below the head.
        let mut below = vec![String::new()];
        for id in ids {
            let spec = configured.iter().find(|f| f.id.as_str() == id);
            let row = known.iter().find(|f| text(f, "id") == id).unwrap_or(&Value::Null);
            let failing = row["last_failure"].is_object();
            let (state, why) = match spec {
                None => ("removed", "not in the configuration"),
                Some(spec) if !spec.enabled => ("off", "enabled = false"),
                Some(_) if row.is_null() => ("new", "at the next start"),
                Some(_) if text(row, "due_reason") == "gone" => ("gone", due("gone")),
                Some(_) if failing => ("failing", due(text(row, "due_reason"))),
                Some(_) if row["silent_since"].is_string() => ("silent", due(text(row, "due_reason"))),
                Some(_) => ("well", due(text(row, "due_reason"))),
            };
            let (next, why) = match (state, row["site_rests"].as_object()) {
                ("well" | "failing" | "silent", Some(rest)) if rest["until"].as_str() > row["next_due"].as_str() => {
                    (moment(&rest["until"]), rests(rest["reason"].as_str().unwrap_or("")))
                }
                ("well" | "failing" | "silent", _) => (moment(&row["next_due"]), why),
                _ => ("-".to_owned(), why),
            };
            let next_is_set = next != "-";
            let bytes = number(row, "last_bytes");
            let bytes = if bytes == 0 { "-".to_owned() } else { size(bytes.max(1_000)) };
            let (seen, passed) = (number(row, "entries_seen"), number(row, "passed_over"));
            let read = moment(&row["last_success"]);
            let mut cells: Vec<Cell> = vec![id.into(), state.into(), read.into(), next.into(), seen.into()];
            let mut out = String::new();
            if narrow.is_none() {
                cells.extend([passed.into(), bytes.into(), why.into()]);
            } else {
                cells.push(bytes.into());
                if why != due("interval") {
                    let label = if next_is_set { "next check: " } else { "" };
                    out += &self.hung("    ", &format!("{label}{why}"));
                }
            }
            table.row(cells);
            if failing {
                let failures = count(number(row, "failures"), "failure");
                let message = text(&row["last_failure"], "message");
                out += &self.hung("    ", &format!("{failures} in a row, the last: {message}"));
            }
            if row["storm"].is_object() {
                let (at, message) = (self.moment(&row["storm"]["at"]), text(&row["storm"], "message"));
                out += &self.hung("    ", &format!("on {at} it {message}"));
            }
            for remark in self.coverage(row) {
                out += &self.hung("    ", &remark);
            }
            below.push(out);
        }
        let lines = table.lines(self.width, Paint::none());
        let rows: Vec<String> = lines.iter().zip(below).map(|(line, below)| format!("{line}{below}")).collect();
        let usual =
            if narrow.is_some() { "next check after the usual interval where nothing else is said\n" } else { "" };
        format!("{}\n{usual}times of {}", rows.join("\n"), self.zone())
    }
}

impl Teller<'_> {
    /// What polling knows of what it may not have seen of a feed.
    fn coverage(&self, row: &Value) -> Vec<String> {
        let mut remarks = Vec::new();
        if row["silent_since"].is_string() {
            let usual = number(row, "usual_gap_secs");
            let since = self.moment(&row["silent_since"]);
            remarks.push(format!("nothing new since {since}; as a rule something every {}", span(usual)));
        }
        if row["last_gap"].is_object() {
            let (from, to) = (self.moment(&row["last_gap"]["from"]), self.moment(&row["last_gap"]["to"]));
            let times = count(number(row, "gaps"), "time");
            remarks.push(format!("may have missed items between {from} and {to} ({times} in all)"));
        }
        let silence = &row["silence"];
        if row["silent_since"].is_null() && silence["back"].is_string() {
            let (since, back) = (self.moment(&silence["since"]), self.moment(&silence["back"]));
            remarks.push(format!("was silent from {since} to {back}"));
        }
        if text(row, "next_asks") == "unchanged_too_long" {
            let full = self.moment(&row["last_full"]);
            remarks.push(format!(
                "its whole document came last on {full}: the next check asks for it, whatever has changed"
            ));
        }
        if row["moved_to"].is_string() {
            remarks.push(format!("has moved: change its address to {}", text(row, "moved_to")));
        }
        remarks
    }
}

/// `3 hours`, `2 days`: seconds as people say them.
pub(super) fn span(seconds: u64) -> String {
    match seconds {
        0..5400 => count((seconds / 60).max(1), "minute"),
        5400..129_600 => count((seconds + 1800) / 3600, "hour"),
        _ => count((seconds + 43_200) / 86_400, "day"),
    }
}

pub(super) fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or("")
}

pub(super) fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

pub(super) fn number(value: &Value, key: &str) -> u64 {
    value[key].as_u64().unwrap_or(0)
}

/// `1.1 MB`.
pub(super) fn size(bytes: u64) -> String {
    // A store's size loses nothing that shows.
    let bytes = bytes as f64;
    match bytes {
        0.0..1e6 => format!("{:.0} kB", bytes / 1e3),
        1e6..1e10 => format!("{:.1} MB", bytes / 1e6),
        _ => format!("{:.0} GB", bytes / 1e9),
    }
}

/// A rule's name in words.
fn words(rule: &str) -> String {
    rule.replace('_', " ")
}

/// What a rule means that carries no evidence.
fn meaning(rule: &str) -> &'static str {
    match rule {
        "nothing_found" => "no watched name, keyword or word of policing in headline, summary or address",
        "before_backfill" => "it is older than the first poll of its feed reaches back (`backfill`)",
        "republished" => "its feed had it before under another id, and brought its archive again",
        "old_when_it_came" => "it was weeks old when its feed brought it, with others",
        "all" => "every entry of this feed is read (`select = \"all\"`)",
        _ => "",
    }
}

fn explained(rule: &str) -> String {
    match meaning(rule) {
        "" => words(rule),
        meaning => format!("{}: {meaning}", words(rule)),
    }
}

/// Why a feed's site is left in peace.
fn rests(reason: &str) -> &str {
    match reason {
        "retry_after" => "its site asks for a pause",
        "throttled" => "its site complains of too many requests",
        "site_refuses" => "its site refuses one feed after the other",
        other => other,
    }
}

/// What set the time of a feed's next check.
fn due(reason: &str) -> &str {
    match reason {
        "interval" => "the usual interval",
        "rhythm" => "as often as it publishes",
        "coverage" => "sooner: items may have been missed",
        "feed_asks" => "the feed asks for it",
        "max_age" => "its answer holds until then",
        "user_minimum" => "poll.min_interval",
        "user_maximum" => "poll.max_interval",
        "skip_hours" => "it asks to be spared these hours",
        "skip_days" => "it asks to be spared these days",
        "back_off" => "waits after a failure",
        "throttled" => "the server complains of too many requests",
        "retry_after" => "the server asks for it",
        "gone" => "gone for good",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Outside, load};
    use serde_json::json;
    use std::path::Path;

    #[test]
    fn the_list_of_feeds_says_why_at_any_width_and_asks_no_gone_feed_again() {
        let feed = |id: &str| format!("[[feed]]\nid = {id:?}\nurl = \"https://{id}.example/rss\"\n");
        let text = ["echo", "gone", "mail"].map(feed).concat() + "[[person]]\nname = \"Ada Marrick\"\n";
        let read = |_: &Path| Ok(text.clone());
        let config = load(Path::new("c.toml"), &Outside { read: &read, env: &|_| None }, &[]).unwrap();
        let rest = json!({"until": "2024-03-01T14:00:00Z", "reason": "throttled"});
        let row = |id: &str, reason: &str, due: Value| json!({"id": id, "due_reason": reason, "next_due": due, "site_rests": rest, "last_bytes": 200});
        let known = json!({"feeds": [
            row("echo", "interval", json!("2024-03-01T15:00:00Z")),
            row("gone", "gone", Value::Null),
            row("mail", "interval", json!("2024-03-01T13:00:00Z")),
        ]});
        for (width, reasons) in [
            (Some(80), ["", "gone for good", "next check: its site"]),
            (None, ["the usual", "gone for good", "its site"]),
        ] {
            let told = Teller { config: &config, width }.feeds(&known);
            let part = |id: &str| {
                let row = told.split_once(&format!("\n{id} ")).map_or("", |(_, row)| row);
                row.split_once("kB").map_or("", |(_, after)| after).trim_start().to_owned()
            };
            for (id, reason) in ["echo", "gone", "mail"].iter().zip(reasons) {
                assert!(part(id).starts_with(reason), "{id} at {width:?}:\n{told}");
            }
            assert!(told.contains("1 kB") && !told.contains("0 kB"), "{told}");
            assert!(width.is_none_or(|most| told.lines().all(|l| l.chars().count() <= most)), "{told}");
            let gone = told.lines().find(|l| l.starts_with("gone")).unwrap();
            assert!(!gone.contains("14:00"), "{told}");
        }
    }
}

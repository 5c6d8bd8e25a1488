//! `conductwatch status`: is it well?

use super::ask::{AskArgs, PATIENCE, Source};
use super::output::{self, CliError, count, plain, wrap};
use super::tell::{Teller, list, number, span, text};
use crate::adapters::clock::SystemClock;
use crate::app::in_words;
use crate::config::{self, Config, Problem};
use crate::pipeline::{Polled, Question, status};
use crate::ports::Clock as _;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use std::path::Path;

/// Exit code when the service runs and something needs a look: no fault of the command, so none of sysexits.
const NEEDS_A_LOOK: u8 = 1;
/// Columns of the name in front of each line.
const LABEL: usize = 13;
/// How long it shows that a feed brought its archive again.
const STORM_SHOWN: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Runs `status`.
///
/// # Errors
/// When something needs a look (1), the service does not run or cannot be asked (69), or the store cannot be read.
pub(super) fn run(args: &AskArgs) -> Result<(), CliError> {
    // A running service can be asked also while the file is wrong: then that is what needs a look.
    let (config, problems) = config::load_leniently(Path::new(&args.config));
    output::mask(&config.anonymity);
    let now = SystemClock.now();
    let Some(value) = super::small_runtime()?.block_on(ask(&config, &problems, now))? else {
        let message = "not running, and there is no store yet: `conductwatch run` makes it";
        return Err(CliError::unavailable(message));
    };
    if args.json {
        output::json(&value);
    } else {
        let teller = Teller { config: &config, width: output::width() };
        output::line(&teller.status(&value, now));
    }
    if !value["service"].is_object() {
        return Err(CliError::unavailable("the service does not run: this is what its store holds"));
    }
    if value["well"] == Value::Bool(true) {
        Ok(())
    } else {
        Err(CliError { code: NEEDS_A_LOOK, message: String::new() })
    }
}

/// The service's answer, else the store's; nothing where there is neither.
async fn ask(config: &Config, problems: &[Problem], now: Timestamp) -> Result<Option<Value>, CliError> {
    let mut source = Source::new(config);
    if let Some(value) = source.call("ask", &Question::Status, PATIENCE).await? {
        return Ok(Some(value));
    }
    if !problems.is_empty() {
        return Err(super::config_error(problems));
    }
    if !source.is_there() {
        return Ok(None);
    }
    let feeds = config.feeds.iter().filter(|f| f.enabled).map(|f| f.id.clone()).collect();
    // Whoever holds the store and does not answer is no running service, and not for `status` to wait for.
    let store = source.open().map_err(|error| match error.code {
        75 => CliError::unavailable(format!("not answering, so it is starting or ending: {}", error.message)),
        _ => error,
    })?;
    let answer = status(store.as_ref(), Some(&Polled { feeds, now, room: config.store.alarms })).await;
    answer.map(Some).map_err(|e| super::ask::ask_error(&e))
}

impl Teller<'_> {
    /// The verdict, what there is, and what needs a look.
    fn status(&self, value: &Value, now: Timestamp) -> String {
        let service = &value["service"];
        let mut out = wrap(&plain(&verdict(value)), 0, self.width);
        out.push('\n');
        for (label, said) in [
            ("sources", self.sources(value)),
            ("queues", queues(value)),
            ("next digest", self.next_digest(service, now)),
            ("last digest", self.last_digest(value)),
            ("deliveries", deliveries(value)),
            ("stored", stored(value)),
            ("room", self.store_sizes(value)),
            ("last tidied", self.last_purge(&value["kept"])),
        ] {
            out += &self.hung(&format!("{label:<LABEL$}"), &said);
        }
        if value["past"].is_object() {
            let of: Vec<&str> = list(&value["past"], "of").iter().filter_map(Value::as_str).collect();
            let said = format!("stored articles are read again for {}; what they tell is one digest", of.join(", "));
            out += &self.hung(&format!("{:<LABEL$}", "past"), &said);
        }
        if service.is_object() {
            for (label, said) in [
                ("reload", self.reload(&service["reload"])),
                ("watchdog", beats(service)),
                ("service", self.service(service)),
                ("since start", since_start(value)),
            ] {
                out += &self.hung(&format!("{label:<LABEL$}"), &said);
            }
        }
        out += &self.remarks(value, now);
        out
    }

    fn sources(&self, value: &Value) -> String {
        let feeds = &value["feeds"];
        let failing = list(feeds, "failing").len();
        let mut said = format!("{} of {} healthy", number(feeds, "healthy"), number(feeds, "polled"));
        for (n, what) in [
            (failing as u64, "failing"),
            (list(feeds, "silent").len() as u64, "silent"),
            (number(feeds, "new"), "not read yet"),
        ] {
            if n > 0 {
                said += &format!(", {n} {what}");
            }
        }
        said += &format!("; last read {}", self.moment(&feeds["last_success"]));
        match number(feeds, "gaps") {
            0 => said + "; no gap of coverage",
            n => said + &format!("; {} of coverage (`feed list`)", count(n, "gap")),
        }
    }

    /// By the schedule that the service follows, else by that of the file.
    fn next_digest(&self, service: &Value, now: Timestamp) -> String {
        let due = match service.is_object() {
            true => text(service, "next_digest").parse().ok(),
            false => self.config.digest.schedule.next_after(now),
        };
        due.and_then(|due: Timestamp| due.in_tz(self.zone()).ok()).map_or_else(
            || "as soon as there is something to tell".to_owned(),
            |due| format!("{} ({})", due.strftime("%A %-d %B at %H:%M"), self.zone()),
        )
    }

    fn last_digest(&self, value: &Value) -> String {
        let last = &value["last_digest"];
        if !last.is_object() {
            return format!("none yet; looked for up to {}", self.moment(&value["digests_made_until"]));
        }
        format!("{}, {}: {}", self.moment(&last["made"]), text(last, "id"), text(last, "subject"))
    }

    fn reload(&self, reload: &Value) -> String {
        if !reload.is_object() {
            return "the configuration of the start is in use".to_owned();
        }
        let at = self.moment(&reload["at"]);
        let restart = match list(reload, "needs_restart").len() {
            0 => String::new(),
            n => format!(
                "; {} a restart",
                if n == 1 { "1 change needs".to_owned() } else { format!("{n} changes need") }
            ),
        };
        match list(reload, "problems").len() {
            0 => format!("taken at {at}{restart}"),
            n => format!("REFUSED at {at} for {}; the one before is in use", count(n as u64, "problem")),
        }
    }

    fn service(&self, service: &Value) -> String {
        let up = span(number(service, "uptime_seconds"));
        format!("conductwatch {}, up {up}, since {}", text(service, "version"), self.moment(&service["started"]))
    }

    /// What is to be said of single feeds, deliveries and problems.
    fn remarks(&self, value: &Value, now: Timestamp) -> String {
        let (mut out, feeds) = (String::new(), &value["feeds"]);
        let reload = &value["service"]["reload"];
        for (heading, key) in [("refused", "problems"), ("not in force before a restart", "needs_restart")] {
            let lines = list(reload, key);
            if !lines.is_empty() {
                out += &format!("\n\nthe changed configuration, {heading}:");
            }
            for line in lines.iter().filter_map(Value::as_str) {
                out += &self.hung("  ", line);
            }
        }
        for feed in list(feeds, "failing") {
            let failures = count(number(feed, "failures"), "failure");
            let (read, next) = (self.moment(&feed["since_success"]), self.moment(&feed["next_due"]));
            out += &self.hung(
                &format!("\nfeed {}: ", text(feed, "feed")),
                &format!("{failures} in a row, last read {read}, next check {next}"),
            );
            out += &self.hung("  ", text(feed, "message"));
        }
        for feed in list(feeds, "silent") {
            let since = self.moment(&feed["since"]);
            out += &self.hung(
                &format!("\nfeed {}: ", text(feed, "feed")),
                &format!("silent against its own rhythm since {since}"),
            );
        }
        let recent = |storm: &Value| {
            let last = text(storm, "last").parse::<Timestamp>();
            last.is_ok_and(|at| now.duration_since(at) < STORM_SHOWN)
        };
        for feed in list(feeds, "storms").iter().filter(|f| recent(&f["storm"])) {
            let at = self.moment(&feed["storm"]["at"]);
            out += &format!("\n\nfeed {}: a storm on {at}", text(feed, "feed"));
            out += &self.hung("  ", &format!("it {}", text(&feed["storm"], "message")));
        }
        for delivery in list(value, "deliveries").iter().filter(|d| number(d, "attempts") > 0) {
            out += &format!("\n\n{}", self.delivery(delivery, text(delivery, "state")));
            if let Some(failure) = delivery["last_failure"].as_str() {
                out += &self.hung("  ", failure);
            }
            if text(delivery, "state") == "given up" {
                let digest = text(delivery, "digest");
                out += &self.hung("  ", &format!("send it again: conductwatch digest resend {digest}"));
            }
        }
        out + &self.heartbeat(&value["heartbeat"])
    }

    /// How the heartbeat stands; nothing where there is none, or it gets through.
    fn heartbeat(&self, value: &Value) -> String {
        let said = match (value["withheld"].as_str(), value["failure"].as_str()) {
            (Some(what), _) => format!("withheld: {what}"),
            (None, Some(failure)) => format!("does not get through: {failure}"),
            (None, None) => return String::new(),
        };
        let last = self.moment(&value["last_call"]);
        format!("\n\nheartbeat: last heard {last}") + &self.hung("  ", &said)
    }
}

/// `Well.`, or what needs a look.
fn verdict(value: &Value) -> String {
    let needs: Vec<&str> = list(value, "needs").iter().filter_map(Value::as_str).collect();
    match (value["service"].is_object(), needs.is_empty()) {
        (true, true) => "Well.".to_owned(),
        (true, false) => format!("Needs a look: {}.", needs.join("; ")),
        (false, true) => "Not running.".to_owned(),
        (false, false) => format!("Not running; and {}.", needs.join("; ")),
    }
}

fn queues(value: &Value) -> String {
    let of = |key| number(&value["counts"], key);
    let mut said = format!(
        "{} to read, {} to settle, {} for the next digest",
        count(number(value, "pages_due"), "page"),
        count(of("unsettled"), "article"),
        count(of("alerts_waiting"), "alert")
    );
    if of("alerts_held") > 0 {
        said += &format!(", {} held back (`alerts --held`)", of("alerts_held"));
    }
    match of("rechecks") {
        0 => said,
        n => said + &format!(", {} looked at again", count(n, "article")),
    }
}

fn deliveries(value: &Value) -> String {
    let of = |key| number(&value["counts"], key);
    match (of("deliveries_waiting"), of("deliveries_dead")) {
        (0, 0) => "none waits, none was given up".to_owned(),
        (waiting, dead) => format!("{waiting} waiting, {dead} given up"),
    }
}

fn stored(value: &Value) -> String {
    let of = |key| number(&value["counts"], key);
    format!(
        "{}, {}, {}, {}",
        count(of("articles"), "article"),
        count(of("developments"), "development"),
        count(of("alerts"), "alert"),
        count(of("digests"), "digest")
    )
}

fn beats(service: &Value) -> String {
    let loops = list(service, "loops");
    let late: Vec<&str> = loops.iter().filter(|l| l["late"] == true).map(|l| text(l, "loop")).collect();
    let oldest = loops.iter().map(|l| number(l, "seconds_since_beat")).max().unwrap_or(0);
    match late.is_empty() {
        true => format!("all {} loops beat, the last within {} s", loops.len(), oldest.max(15)),
        false => format!("NO BEAT of {} for {oldest} s", late.join(", ")),
    }
}

fn since_start(value: &Value) -> String {
    let counts = value["since_start"].as_object();
    let counts: Vec<(&str, u64)> =
        counts.into_iter().flatten().map(|(name, n)| (name.as_str(), n.as_u64().unwrap_or(0))).collect();
    in_words(&counts)
}

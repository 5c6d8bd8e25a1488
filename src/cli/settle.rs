//! `conductwatch settle`: identity and novelty alone, on labelled reports.

use super::extract::{parse_time, read_watchlist};
use super::output::{self, CliError};
use crate::domain::{
    ArticleId, Basis, Certainty, DevelopmentId, EntityRef, EventStage, Evidence, PartialDate, Report, Span, Status,
};
use crate::stages::alerting::{self, Told};
use crate::stages::identity::{self, Memory, Neighbour, Telling, copies};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;

/// Arguments of `settle`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Print JSON, one object a report.
    #[arg(long)]
    json: bool,
    /// Watchlist file.
    #[arg(long, value_name = "FILE")]
    watchlist: String,
    /// Articles with their reports, one JSON object a line in order of arrival; `-` for standard input.
    file: String,
}

/// A line of the input.
#[derive(Debug, Deserialize)]
struct Line {
    article: String,
    published: Option<String>,
    modified: Option<String>,
    url: Option<String>,
    outlet: Option<String>,
    #[serde(default)]
    clean_text: String,
    reports: Vec<LineReport>,
}

/// A report of a line.
#[derive(Debug, Deserialize)]
struct LineReport {
    #[serde(rename = "type")]
    kind: crate::domain::DevelopmentType,
    #[serde(default)]
    who: Vec<EntityRef>,
    #[serde(default)]
    body: Vec<EntityRef>,
    #[serde(default)]
    about: Vec<EntityRef>,
    date: Option<PartialDate>,
    status: Status,
    detail: Option<String>,
    evidence: Option<String>,
}

impl LineReport {
    fn report(self, text: &str) -> Report {
        let evidence = self.evidence.unwrap_or_default();
        let start = text.find(&evidence).unwrap_or(0);
        Report {
            kind: self.kind,
            who: self.who,
            body: self.body,
            about: self.about,
            unnamed: Vec::new(),
            date: self.date,
            status: self.status,
            stage: EventStage::Done,
            detail: self.detail.unwrap_or_default(),
            evidence: Evidence { span: Span::new(start, start + evidence.len()), text: evidence, marks: Vec::new() },
            certainty: Certainty::SURE,
            trace: Vec::new(),
        }
    }
}

/// Runs `settle`.
///
/// # Errors
/// When a file cannot be read, a line is not as it should be, or the watchlist has a problem.
pub(super) fn run(args: Args) -> Result<(), CliError> {
    let watchlist = read_watchlist(&args.watchlist)?;
    let bytes = super::files::read(&args.file)?;
    let text = String::from_utf8_lossy(&bytes);
    let mut memory = Memory::default();
    // (article, index, development, alert, what it says)
    let mut rows: Vec<(String, usize, DevelopmentId, bool, String)> = Vec::new();
    for (number, line) in text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
        let place = format!("{}:{}", args.file, number + 1);
        let bad = |e: String| CliError::data(format!("{place}: {e}"));
        let line: Line =
            serde_json::from_str(line).map_err(|e| bad(format!("not an article with its reports: {e}")))?;
        let id = ArticleId::parse(&line.article).map_err(|e| bad(format!("article: {e}")))?;
        let at = line.modified.as_deref().or(line.published.as_deref());
        let at: Timestamp = at
            .ok_or_else(|| bad("neither published nor modified".to_owned()))
            .and_then(|t| parse_time(t).map_err(bad))?;
        let reports: Vec<Report> = line.reports.into_iter().map(|r| r.report(&line.clean_text)).collect();
        let telling = Telling {
            id: &id,
            url: line.url.as_deref(),
            outlet: line.outlet.as_deref(),
            agency: None,
            at,
            text: &line.clean_text,
            reports: &reports,
        };
        let mut settlement = identity::settle(&telling, &memory.known(&telling), at);
        let told = Told {
            id: &id,
            headline: "",
            url: line.url.as_deref(),
            outlet: line.outlet.as_deref(),
            published: Some(at),
            basis: Basis::Page,
            text: &line.clean_text,
            reports: &reports,
            keyword_hits: &[],
            catch_up: false,
            revised: false,
            past_of: &[],
        };
        let raised = alerting::decide(&told, &mut settlement, &watchlist, at);
        for placed in &settlement.placed {
            let into = |id: &DevelopmentId| {
                settlement.merged.iter().find(|(young, _)| young == id).map_or(id, |m| &m.1).clone()
            };
            let alert = raised.alerts.iter().any(|a| {
                matches!(&a.content, crate::domain::AlertKind::Development { development, .. }
                    if *development == into(&placed.development))
            });
            let report = &reports[placed.index];
            let says = format!("{}: {} ({})", report.kind.label(), report.evidence.text, placed.grounds.join("; "));
            rows.push((line.article.clone(), placed.index, placed.development.clone(), alert, says));
        }
        let neighbour = Neighbour {
            id,
            copies_of: settlement.copies_of.clone(),
            url: line.url,
            text: line.clean_text,
            keywords: Vec::new(),
        };
        let sketch = copies::sketch(&neighbour.text);
        memory.keep(neighbour, &sketch, settlement);
    }
    for (article, index, development, alert, says) in rows {
        let development = memory.current(&development);
        if args.json {
            output::json(&json!({ "article": article, "index": index, "development": development, "alert": alert }));
        } else {
            let mark = if alert { "ALERT" } else { "     " };
            output::line(&format!("{mark} {development} {article} {index} {says}"));
        }
    }
    Ok(())
}

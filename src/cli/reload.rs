//! `conductwatch reload`: the running service takes its changed configuration.

use super::ask::{AskArgs, PATIENCE, call_daemon};
use super::output::{self, CliError};
use super::tell::list;
use crate::config;
use serde_json::{Value, json};
use std::path::Path;

/// Runs `reload`.
///
/// # Errors
/// Every problem of the changed configuration (78); when no service runs, or it cannot be asked (69).
pub(super) fn run(args: &AskArgs) -> Result<(), CliError> {
    // A configuration with problems must reach the service all the same: it logs them, and `status` shows them.
    let socket = config::load_leniently(Path::new(&args.config)).0.control.socket;
    let Some(value) = super::small_runtime()?.block_on(call_daemon(&socket, "reload", &json!({}), PATIENCE))? else {
        return Err(CliError::unavailable(format!(
            "no service runs (nothing listens on {}): its next start takes the configuration as it is",
            socket.display()
        )));
    };
    if args.json {
        output::json(&value);
    }
    let problems: Vec<&str> = lines(&value, "problems");
    if !problems.is_empty() {
        let message = format!("wrong configuration; the one before stays in use:\n{}", problems.join("\n"));
        return Err(CliError::config(message));
    }
    if !args.json {
        for line in said(&value) {
            output::line(&line);
        }
    }
    Ok(())
}

fn lines<'a>(value: &'a Value, key: &str) -> Vec<&'a str> {
    list(value, key).iter().filter_map(Value::as_str).collect()
}

/// What a reload that was taken came to.
fn said(value: &Value) -> Vec<String> {
    let applied = lines(value, "applied");
    let mut out = vec![match applied.is_empty() {
        true => "Reloaded: nothing changed that can change while the service runs.".to_owned(),
        false => "Reloaded; in force now:".to_owned(),
    }];
    out.extend(applied.iter().map(|line| format!("  {line}")));
    let restart = lines(value, "needs_restart");
    if !restart.is_empty() {
        out.push("Not in force before the service is started anew:".to_owned());
        out.extend(restart.iter().map(|line| format!("  {line}")));
    }
    out.extend(lines(value, "warnings").iter().map(|line| format!("warning: {line}")));
    out
}

//! `tests/quality/baseline.json`: below what no measure may fall, and above what no count of faults may rise.

use super::cases::{read_json, root};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Mutex;

/// Whether a larger figure is better.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A share; it may not fall below its floor.
    Floor,
    /// A count of faults; it may not rise above its ceiling.
    Ceiling,
}

/// Figures by name.
pub(crate) type Figures = BTreeMap<String, f64>;

/// Two tests may write the file at once.
static FILE: Mutex<()> = Mutex::new(());

fn path() -> std::path::PathBuf {
    root().join("tests/quality/baseline.json")
}

/// The folders of labelled articles that are measured, from the repository's root.
pub(crate) fn folders() -> Vec<String> {
    super::cases::strings(&read_json(&path())["folders"])
}

/// What a floor is set to when `measured` is the figure: a little less, in thousandths.
fn floor(measured: f64, slack: f64) -> f64 {
    ((measured - slack).max(0.0) * 1000.0).floor() / 1000.0
}

/// Judges `measured`, the figures of `set`, and gives the faults. `UPDATE_BASELINE=1` makes the bounds tighter where the
/// figures allow; `LOWER_BASELINE=1` writes the figures as they are, looser ones too.
pub(crate) fn judge(kind: Kind, set: &str, measured: &Figures) -> Vec<String> {
    let _guard = FILE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let asked = |name: &str| std::env::var_os(name).is_some_and(|v| v == "1");
    let (tighten, loosen) = (asked("UPDATE_BASELINE"), asked("LOWER_BASELINE"));
    let mut file = read_json(&path());
    let slack = file["slack"].as_f64().unwrap();
    let key = if kind == Kind::Floor { "floors" } else { "ceilings" };
    let bound_for = |value: f64| if kind == Kind::Floor { floor(value, slack) } else { value };
    let pinned: Figures = serde_json::from_value(file[key][set].clone()).unwrap_or_default();
    let mut kept = pinned.clone();
    let mut faults = Vec::new();
    for (name, value) in measured {
        let wanted = bound_for(*value);
        let Some(bound) = pinned.get(name).copied() else {
            kept.insert(name.clone(), wanted);
            if !tighten && !loosen {
                faults.push(format!(
                    "{set}: {name}: no bound is pinned (measured {value:.4}); UPDATE_BASELINE=1 pins it"
                ));
            }
            continue;
        };
        let (worse, tighter, word) = match kind {
            Kind::Floor => (*value < bound, wanted > bound, "floor"),
            Kind::Ceiling => (*value > bound, wanted < bound, "ceiling"),
        };
        if loosen || tighten && tighter {
            kept.insert(name.clone(), wanted);
        }
        if worse && !loosen {
            faults.push(format!("{set}: {name}: {word} {bound}, measured {value:.4}"));
        }
    }
    // Ceilings are judged one by one, and those of the shared texts only where these are at hand.
    for name in pinned.keys().filter(|n| kind == Kind::Floor && !measured.contains_key(*n)) {
        if loosen {
            kept.remove(name);
        } else {
            faults.push(format!("{set}: {name}: pinned, but not measured"));
        }
    }
    if (tighten || loosen) && kept != pinned {
        file[key][set] = serde_json::to_value(kept).unwrap();
        write(&file);
    }
    faults
}

fn write(file: &Value) {
    let text = serde_json::to_string_pretty(file).unwrap() + "\n";
    std::fs::write(path(), text).unwrap();
}

#[test]
fn floors_leave_a_little_room() {
    assert!((floor(1.0, 0.005) - 0.995).abs() < 1e-9);
    assert!((floor(0.8387, 0.005) - 0.833).abs() < 1e-9);
    assert!(floor(0.001, 0.005).abs() < 1e-9);
}

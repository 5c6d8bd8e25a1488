//! Descriptions without the name: "the force", "the watchdog", "the sergeant".

use super::Referent;
use super::bodies::Bodies;
use super::chunks::Found;
use super::people::Person;
use super::view::View;
use super::watched::Life;
use crate::domain::Span;

/// Nominal mentions, each bound to its referent.
pub(super) fn find(
    _view: &View<'_>,
    _found: &[Found],
    _referents: &[Option<Referent>],
    _people: &[Person],
    _lives: &[Life],
    _bodies: &Bodies,
) -> Vec<(Span, Referent, &'static str, bool)> {
    Vec::new()
}

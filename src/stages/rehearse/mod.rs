//! Rehearsals on what is stored, which change nothing: one entry of the watchlist tried on articles (`entry`); all that is
//! stored under other rules (`replay`), against what was told, and the mails that it would have made (`against`).

mod against;
mod entry;
mod needles;
mod replay;

pub use against::{Comparison, Mail, Otherwise, compare, held, mails};
pub use entry::{AskedForm, FormHits, NearMiss, Rehearsal, Rehearser, Sample};
pub use needles::Needles;
pub use replay::{Replay, Replayed, Stored, Would};

#[cfg(test)]
mod tests;

//! Pure stages: plain data in, plain data out.
//!
//! A stage may use `domain` and the stages before it in the flow; none reads the clock, the network, the disk, the
//! environment or randomness, and none is async.

pub mod alerting;
pub mod aliases;
pub mod anonymity;
pub mod caution;
pub mod clean;
pub mod coverage;
pub mod digest;
pub mod extract;
pub mod identity;
mod language;
pub mod parse;
pub mod rehearse;
pub mod render;
pub mod reprocess;
pub mod revision;
pub mod routing;
pub mod schedule;
pub mod select;
pub mod settling;
pub mod storm;
pub mod story;
pub mod timeline;

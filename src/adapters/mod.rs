//! The outside, behind the ports.

pub mod archive;
pub mod clock;
pub mod store;
pub mod deliver;

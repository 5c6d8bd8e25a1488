//! The outside, behind the ports.

pub mod deliver;

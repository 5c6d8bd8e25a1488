//! The outside, behind the ports.

pub mod http;

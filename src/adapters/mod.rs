//! The outside, behind the ports.

pub mod archive;
pub mod audit;
pub mod clock;
pub mod control;
pub mod deliver;
pub mod http;
mod packing;
pub mod pages;
pub mod rewrite;
pub mod sim_clock;
pub mod store;
pub mod systemd;

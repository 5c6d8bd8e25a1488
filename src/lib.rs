//! conductwatch watches the news about police conduct and tells, once, what is new about the people and bodies its
//! user follows.
//!
//! # Layout
//!
//! - [`domain`] - the words of the trade as plain types.
//! - [`stages`] - pure functions from plain data to plain data: schedule, parse, select, clean, extract, settle, alert,
//!   render. They know no clock, network, disk or randomness.
//! - [`ports`] - the traits through which everything else is reached.
//! - [`adapters`] - the real clock, network, store, channels and control socket behind those traits.
//! - [`pipeline`] - the steps, each one unit of work: poll a feed, read an entry, settle, make a digest, deliver it.
//! - [`config`] - the user's TOML as validated types.
//! - [`app`] - wiring, loops and shutdown.
//! - [`demo`] - an invented newsroom and the real service against it.
//! - [`telemetry`] - logs.
//! - [`cli`] - one file for each group of commands.
//!
//! # Data flow
//!
//! schedule → fetch → parse → select → scrape → clean → extract → settle → alert → deliver

pub mod adapters;
pub mod app;
pub mod cli;
pub mod config;
pub mod demo;
pub mod domain;
pub mod masked_log;
pub mod pipeline;
pub mod ports;
pub mod stages;
pub mod telemetry;

//! Integration tests: one binary, one module for each behaviour.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::string_slice,
    reason = "a test fails by panicking and may say why it skips"
)]

mod bad_arguments;
mod bad_input;
mod bounds;
mod by_hand;
mod config;
mod corrections;
mod coverage;
mod deliver;
mod digests;
mod disks;
mod feed_commands;
mod feeds;
mod floods;
mod fortnight;
mod hostile;
mod hosts;
mod identity;
mod kill;
mod layers;
mod list_pages;
mod matters;
mod metamorphic;
mod pages;
mod pipeline;
mod powercut;
mod quality;
mod readme;
mod rehearse;
mod reload;
mod retention;
mod rights;
mod secrets;
mod seeds;
mod select;
mod sequences;
mod service;
mod smtp;
mod store_care;
mod support;
mod version;
mod voice;
mod watch;

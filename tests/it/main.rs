//! Integration tests: one binary, one module for each behaviour.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod layers;
mod pages;

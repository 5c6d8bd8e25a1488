//! The user's configuration: TOML in, validated types out, every problem at once.

pub mod watchlist;

//! The demo: a small invented newsroom on loopback, read by the real service over real HTTP while days pass in seconds.

pub mod newsroom;

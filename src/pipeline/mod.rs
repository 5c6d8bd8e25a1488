//! The steps: each one unit of work.

//! The select stage.

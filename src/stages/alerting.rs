//! The alerting stage.

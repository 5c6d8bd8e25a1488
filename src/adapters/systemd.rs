//! Telling systemd how the service is (`sd_notify(3)`); without systemd nothing happens.

use sd_notify::NotifyState;

/// Sends `states` to the notify socket, if there is one. A socket that fails must not stop the service.
fn notify(states: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        tracing::warn!("systemd could not be told: {error}");
    }
}

/// The store is open and the loops run.
pub fn ready(status: &str) {
    notify(&[NotifyState::Ready, NotifyState::Status(status)]);
}

/// One line for `systemctl status`.
pub fn status(status: &str) {
    notify(&[NotifyState::Status(status)]);
}

/// The service ends.
pub fn stopping() {
    notify(&[NotifyState::Stopping, NotifyState::Status("stopping: finishing what is in hand")]);
}

/// Opening takes its time: asks for `seconds` more.
pub fn extend_timeout(seconds: u32) {
    notify(&[NotifyState::ExtendTimeoutUsec(seconds.saturating_mul(1_000_000))]);
}

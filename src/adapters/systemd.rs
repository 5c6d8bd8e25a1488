//! Telling systemd how the service is (`sd_notify(3)`); without systemd nothing happens.

use sd_notify::NotifyState;
use std::time::Duration;

/// Sends `states` to the notify socket, if there is one. A socket that fails must not stop the service.
fn notify(states: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        tracing::warn!("systemd could not be told: {error}");
    }
}

/// The store is open and the loops run; or a reload is done.
pub fn ready(status: &str) {
    notify(&[NotifyState::Ready, NotifyState::Status(status)]);
}

/// One line for `systemctl status`.
pub fn status(status: &str) {
    notify(&[NotifyState::Status(status)]);
}

/// A reload begins; [`ready`] must follow. From version 253 on systemd demands the time with it.
pub fn reloading() {
    match NotifyState::monotonic_usec_now() {
        Ok(now) => notify(&[NotifyState::Reloading, now, NotifyState::Status("reloading the configuration")]),
        Err(error) => tracing::warn!("systemd could not be told of the reload: no monotonic clock: {error}"),
    }
}

/// The service ends.
pub fn stopping() {
    notify(&[NotifyState::Stopping, NotifyState::Status("stopping: finishing what is in hand")]);
}

/// Opening takes its time: asks for `seconds` from now on, and says what takes it.
pub fn extend_timeout(seconds: u32, status: &str) {
    notify(&[NotifyState::ExtendTimeoutUsec(seconds.saturating_mul(1_000_000)), NotifyState::Status(status)]);
}

/// All is well: the watchdog may wait for its next ping.
pub fn ping() {
    notify(&[NotifyState::Watchdog]);
}

/// After how long without a ping systemd takes the service for hung; `None` where no watchdog waits for us.
pub fn watchdog() -> Option<Duration> {
    sd_notify::watchdog_enabled()
}

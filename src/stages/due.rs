//! When something is due.

use core::time::Duration;

use crate::kernel::Time;

/// The moment that is `wait` after `now`; the end of time, which never comes, if it is past that.
pub(super) fn after(now: Time, wait: Duration) -> Time {
    now.checked_add(wait).unwrap_or(Time::END)
}

/// The deadline for what is due at a moment; none if that never comes.
pub(super) fn deadline(due: Time) -> Option<Time> {
    (due < Time::END).then_some(due)
}

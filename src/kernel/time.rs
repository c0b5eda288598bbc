//! [`Time`]: moments, as timed stages see them.

use core::time::Duration;

/// A moment of a run: a number of nanoseconds from an origin that the driver defines.
///
/// Stages never read a clock. They ask [`Emit::now`](crate::Emit::now) for the moment of the call, and tell by
/// [`deadline`](crate::Transducer::deadline) when they next have something to do. A deadline past the end of time never
/// comes: [`checked_add`](Self::checked_add) gives `None` for it.
///
/// ```
/// use std::time::Duration;
/// use transducer::Time;
///
/// let noon = Time::from_nanos(12 * 3_600 * 1_000_000_000);
/// let later = noon.checked_add(Duration::from_secs(5)).unwrap();
/// assert!(Time::START < noon && noon < later);
/// assert_eq!(later.since(noon), Duration::from_secs(5));
/// assert_eq!(noon.since(later), Duration::ZERO);
/// assert_eq!(Time::END.checked_add(Duration::from_nanos(1)), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
pub struct Time(i128);

impl Time {
    /// The earliest moment, far in the past: that of a run that has not been told the time. It is not 0.
    pub const START: Self = Self(i128::MIN);
    /// The latest moment.
    pub const END: Self = Self(i128::MAX);

    /// The moment `nanos` nanoseconds after the origin; before it, if negative.
    pub const fn from_nanos(nanos: i128) -> Self {
        Self(nanos)
    }

    /// The moment `seconds` seconds after the origin; before it, if negative.
    pub const fn from_secs(seconds: i64) -> Self {
        Self(seconds as i128 * 1_000_000_000)
    }

    /// The moment `millis` milliseconds after the origin; before it, if negative.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis as i128 * 1_000_000)
    }

    /// The nanoseconds from the origin to this moment; negative if it is before the origin.
    pub const fn as_nanos(self) -> i128 {
        self.0
    }

    /// The moment that is `wait` later, or `None` if it is past the end of time.
    pub fn checked_add(self, wait: Duration) -> Option<Self> {
        self.0.checked_add_unsigned(wait.as_nanos()).map(Self)
    }

    /// The time from `earlier` to this moment: zero if `earlier` is later, and `Duration::MAX` if it is longer than
    /// that.
    pub fn since(self, earlier: Self) -> Duration {
        duration(self.0.saturating_sub(earlier.0))
    }
}

/// The moment so long after the origin.
impl From<Duration> for Time {
    fn from(since_origin: Duration) -> Self {
        Self(since_origin.as_nanos() as i128)
    }
}

/// The moment by the wall clock, with the Unix epoch as the origin.
#[cfg(feature = "std")]
impl From<std::time::SystemTime> for Time {
    fn from(time: std::time::SystemTime) -> Self {
        match time.duration_since(std::time::UNIX_EPOCH) {
            Ok(since) => since.into(),
            Err(before) => Self(-(before.duration().as_nanos() as i128)),
        }
    }
}

/// As many nanoseconds, or the nearest that a `Duration` can hold. (`Duration::from_nanos_u128` is of Rust 1.93.)
pub(crate) fn duration(nanos: i128) -> Duration {
    const SECOND: i128 = 1_000_000_000;
    let nanos = nanos.clamp(0, Duration::MAX.as_nanos() as i128);
    Duration::new((nanos / SECOND) as u64, (nanos % SECOND) as u32)
}

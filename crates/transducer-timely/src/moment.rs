use std::time::Duration;

use timely::{order::TotalOrder, progress::Timestamp};
use transducer::Time;

/// Timestamps that are moments, so that stages which wait can be told the time.
///
/// Implemented for `Duration`, the time since the origin, and for integers, which count nanoseconds. For other units write a
/// timestamp of your own, or map the stream's.
///
/// [`moment`](Self::moment) must keep the order.
pub trait Moment: Timestamp + TotalOrder {
    /// The moment of this timestamp.
    fn moment(&self) -> Time;

    /// The first timestamp whose moment is at `moment` or after it, if there is one.
    fn at_or_after(moment: Time) -> Option<Self>;
}

impl Moment for Duration {
    fn moment(&self) -> Time {
        Time::from(*self)
    }

    fn at_or_after(moment: Time) -> Option<Self> {
        let nanos = u128::try_from(moment.as_nanos().max(0)).ok()?;
        let seconds = u64::try_from(nanos / 1_000_000_000).ok()?;
        Some(Duration::new(seconds, (nanos % 1_000_000_000) as u32))
    }
}

macro_rules! nanoseconds {
    ($($integer:ty),*) => {
        $(impl Moment for $integer {
            fn moment(&self) -> Time {
                Time::from_nanos(i128::try_from(*self).unwrap_or(i128::MAX))
            }

            fn at_or_after(moment: Time) -> Option<Self> {
                let least = i128::try_from(<$integer>::MIN).expect("the least integer of any size fits");
                <$integer>::try_from(moment.as_nanos().max(least)).ok()
            }
        })*
    };
}

nanoseconds!(u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_timestamp_of_a_moment_is_the_one_that_has_it() {
        assert_eq!(u64::at_or_after(7_u64.moment()), Some(7));
        assert_eq!(u64::at_or_after(Time::START), Some(0));
        assert_eq!(i8::at_or_after(Time::START), Some(i8::MIN));
        assert_eq!(u8::at_or_after(Time::from_nanos(256)), None);
        assert_eq!(u128::at_or_after(u128::MAX.moment()), Some(i128::MAX as u128));
        let duration = Duration::new(3, 5);
        assert_eq!(Duration::at_or_after(duration.moment()), Some(duration));
        assert_eq!(Duration::at_or_after(Time::END), None);
    }
}

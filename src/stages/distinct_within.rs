use core::{hash::Hash, ops::ControlFlow, time::Duration};

use indexmap::IndexMap;

use super::{
    due,
    key::{Itself, Key, KeyOf},
};
use crate::{
    kernel::{Change, Compose, Emit, Outline, Shape, SizeHint, Step, Time, Transducer, hint},
    pipeline::Pipeline,
};

/// Emits each item unless an equal one was emitted less than `ttl` before.
///
/// The time counts from the item that was emitted; those that are dropped don't renew it, so an item that comes again
/// and again is seen once in each `ttl`. A `ttl` of 0 lets every item pass.
///
/// - **Memory**: the items emitted within the last `ttl`, or up to twice as many; nothing once `ttl` has passed without
///   a new one.
/// - **Like**: [`distinct`](crate::distinct), with an age.
///
/// ```
/// use std::time::Duration;
/// use transducer::prelude::*;
///
/// let seconds = Duration::from_secs;
/// let alerts = [("disk", 0), ("disk", 3), ("fan", 4), ("disk", 5), ("disk", 9)];
/// let seen = compose((mapping(|(alert, _)| alert), distinct_within(seconds(5))));
/// let seen = by_event_time(|alert: &(&str, u64)| seconds(alert.1), Duration::ZERO, seen);
/// assert_eq!(alerts.into_iter().transduce(seen).collect::<Vec<_>>(), ["disk", "fan", "disk"]);
/// ```
#[doc(alias("dedup", "dedupe", "unique", "ttl"))]
pub fn distinct_within(ttl: Duration) -> DistinctWithin {
    DistinctWithin { ttl, key: Itself }
}

/// Emits each item unless one with the same key was emitted less than `ttl` before. See [`distinct_within`].
///
/// - **Memory**: the keys of the items emitted within the last `ttl`, or up to twice as many.
///
/// ```
/// use std::time::Duration;
/// use transducer::prelude::*;
///
/// let seconds = Duration::from_secs;
/// let by_name = distinct_within_by_key(seconds(5), |alert: &(&str, u64)| alert.0);
/// let seen = by_event_time(|alert: &(&str, u64)| seconds(alert.1), Duration::ZERO, by_name);
/// let alerts = [("disk", 0), ("disk", 3), ("disk", 5)].into_iter();
/// assert_eq!(alerts.transduce(seen).collect::<Vec<_>>(), [("disk", 0), ("disk", 5)]);
/// ```
pub fn distinct_within_by_key<In, K: Eq + Hash, F: Fn(&In) -> K>(ttl: Duration, key: F) -> DistinctWithin<KeyOf<F>> {
    DistinctWithin { ttl, key: KeyOf { key } }
}

/// The transducer of [`distinct_within`] and [`distinct_within_by_key`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct DistinctWithin<K = Itself> {
    ttl: Duration,
    key: K,
}

/// The state of [`DistinctWithin`]: the keys, each with the moment at which it is forgotten.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(bound(serialize = "K: serde::Serialize", deserialize = "K: serde::Deserialize<'de> + Eq + Hash"))
)]
pub struct DistinctWithinState<K> {
    #[cfg_attr(feature = "serde", serde(with = "pairs"))]
    seen: IndexMap<K, Time>,
    /// When the last of them is.
    last: Time,
}

impl<In, K: Key<In, Key: Eq + Hash>> Transducer<In> for DistinctWithin<K> {
    type Out = In;
    type State = DistinctWithinState<K::Key>;

    const SHAPE: Shape = Shape::AT_MOST_ONE.timed();

    #[inline]
    fn initial(&self) -> Self::State {
        DistinctWithinState { seen: IndexMap::new(), last: Time::END }
    }

    #[inline]
    fn step(&self, state: &mut Self::State, item: In, out: &mut impl Emit<In>) -> Step {
        if self.ttl.is_zero() {
            return out.emit(item);
        }
        let DistinctWithinState { seen, last } = state;
        let now = out.now();
        let until = due::after(now, self.ttl);
        // Those whose time is over go when the map would grow: they cost no wake-up each, and less than one look an item.
        if seen.len() == seen.capacity() {
            seen.retain(|_, until| *until > now);
            seen.reserve(seen.len());
        }
        if !self.key.is_new(&item, seen, now, until) {
            return ControlFlow::Continue(());
        }
        *last = if seen.len() == 1 { until } else { until.max(*last) };
        out.emit(item)
    }

    #[inline]
    fn deadline(&self, state: &Self::State) -> Option<Time> {
        if state.seen.is_empty() { None } else { due::deadline(state.last) }
    }

    #[inline]
    fn advance(&self, state: &mut Self::State, _: &mut impl Emit<In>) -> Step {
        *state = Transducer::<In>::initial(self);
        ControlFlow::Continue(())
    }

    fn is_idle(&self, state: &Self::State) -> bool {
        state.seen.is_empty()
    }

    fn size_hint(&self, _: &Self::State, input: SizeHint) -> SizeHint {
        hint::up_to(input)
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("distinct_within").variant(K::SUFFIX).setting("ttl", self.ttl.as_nanos(), Change::Free);
    }
}

/// A map as pairs, so that keys of any type go into any format.
#[cfg(feature = "serde")]
mod pairs {
    use alloc::vec::Vec;
    use core::hash::Hash;

    use indexmap::IndexMap;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::kernel::Time;

    pub(super) fn serialize<K: Serialize, S: Serializer>(
        seen: &IndexMap<K, Time>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(seen)
    }

    pub(super) fn deserialize<'de, K, D>(deserializer: D) -> Result<IndexMap<K, Time>, D::Error>
    where
        K: Deserialize<'de> + Eq + Hash,
        D: Deserializer<'de>,
    {
        Ok(Vec::<(K, Time)>::deserialize(deserializer)?.into_iter().collect())
    }
}

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits each item unless an equal one was emitted less than `ttl` before. See [`distinct_within`].
    ///
    /// ```
    /// use std::time::Duration;
    /// use transducer::prelude::*;
    ///
    /// let seen = pipeline::<u64>().map(|at| at / 100).distinct_within(Duration::from_secs(5));
    /// let seen = by_event_time(|at: &u64| Duration::from_secs(*at), Duration::ZERO, seen);
    /// assert_eq!([1, 2, 6, 107].into_iter().transduce(seen).collect::<Vec<_>>(), [0, 0, 1]);
    /// ```
    pub fn distinct_within(self, ttl: Duration) -> Pipeline<In, Compose<X, DistinctWithin>>
    where
        X::Out: Eq + Hash + Clone,
    {
        self.then(distinct_within(ttl))
    }

    /// Emits each item unless one with the same key was emitted less than `ttl` before. See
    /// [`distinct_within_by_key`].
    ///
    /// ```
    /// use std::time::Duration;
    /// use transducer::prelude::*;
    ///
    /// let seen = pipeline::<u64>().distinct_within_by_key(Duration::from_secs(5), |at| at / 100);
    /// let seen = by_event_time(|at: &u64| Duration::from_secs(*at), Duration::ZERO, seen);
    /// assert_eq!([1, 2, 6, 107].into_iter().transduce(seen).collect::<Vec<_>>(), [1, 6, 107]);
    /// ```
    pub fn distinct_within_by_key<K, F>(
        self,
        ttl: Duration,
        key: F,
    ) -> Pipeline<In, Compose<X, DistinctWithin<KeyOf<F>>>>
    where
        K: Eq + Hash,
        F: Fn(&X::Out) -> K,
    {
        self.then(distinct_within_by_key(ttl, key))
    }
}

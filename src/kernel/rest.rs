//! [`Rest`]: the state of a stage that makes many items of one.

use core::{fmt, ops::ControlFlow};

use super::{Emit, SizeHint, Step, hint};

/// What is left to emit of one item while downstream is full: an iterator, or nothing.
///
/// The state of [`flat_mapping`](crate::flat_mapping), [`flattening`](crate::flattening),
/// [`repeating`](crate::repeating), and any stage of your own that makes many outputs of one item.
///
/// A run is suspended only when nothing is left to make, so a `Rest` is serialized as nothing.
///
/// ```
/// use std::iter::Rev;
/// use std::ops::Range;
/// use transducer::{Emit, Shape, Step, kernel::Rest, prelude::*};
///
/// /// Counts down from each number.
/// struct Countdown;
///
/// impl Transducer<u32> for Countdown {
///     type Out = u32;
///     type State = Rest<Rev<Range<u32>>>;
///
///     const SHAPE: Shape = Shape::MANY;
///
///     fn initial(&self) -> Self::State {
///         Rest::new()
///     }
///
///     fn step(&self, rest: &mut Self::State, item: u32, out: &mut impl Emit<u32>) -> Step {
///         rest.emit((0..item).rev(), out)
///     }
///
///     fn resume(&self, rest: &mut Self::State, out: &mut impl Emit<u32>) -> Step {
///         rest.resume(out)
///     }
/// }
///
/// assert_eq!([3, 2].into_iter().transduce(Countdown).collect::<Vec<_>>(), [2, 1, 0, 1, 0]);
/// ```
#[derive(Clone)]
pub struct Rest<I> {
    items: Option<I>,
}

impl<I: Iterator> Rest<I> {
    /// Makes one with nothing left.
    #[inline]
    pub fn new() -> Self {
        Self { items: None }
    }

    /// Emits `items` until `out` is full, and keeps the rest.
    #[inline(always)]
    pub fn emit<E: Emit<I::Item>>(
        &mut self,
        items: impl IntoIterator<IntoIter = I, Item = I::Item>,
        out: &mut E,
    ) -> Step {
        let mut items = items.into_iter();
        if !E::PAUSES {
            return items.try_for_each(|item| out.emit(item));
        }
        self.items = Some(items);
        self.resume(out)
    }

    /// Emits what is left, until `out` is full.
    #[inline(always)]
    pub fn resume(&mut self, out: &mut impl Emit<I::Item>) -> Step {
        let Some(items) = &mut self.items else { return ControlFlow::Continue(()) };
        match out.emit_from(items) {
            ControlFlow::Continue(false) => ControlFlow::Continue(()),
            over => {
                self.items = None;
                over.map_continue(|_| ())
            }
        }
    }

    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        self.items.is_none()
    }

    /// How many items are left.
    pub fn size_hint(&self) -> SizeHint {
        self.items.as_ref().map_or(hint::NOTHING, Iterator::size_hint)
    }
}

impl<I: Iterator> Default for Rest<I> {
    fn default() -> Self {
        Self::new()
    }
}

impl<I> fmt::Debug for Rest<I> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Rest").field("is_left", &self.items.is_some()).finish()
    }
}

/// What is left is not written: a run is set aside when nothing is.
#[cfg(feature = "serde")]
mod serialized {
    use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::Error};

    use super::Rest;

    impl<I> Serialize for Rest<I> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            if self.items.is_some() {
                return Err(S::Error::custom("outputs are pending"));
            }
            serializer.serialize_unit()
        }
    }

    impl<'de, I> Deserialize<'de> for Rest<I> {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            <()>::deserialize(deserializer).map(|()| Self { items: None })
        }
    }
}

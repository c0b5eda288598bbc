use core::iter::{RepeatN, repeat_n};

use crate::{
    kernel::{Change, Compose, Emit, Outline, Rest, Shape, SizeHint, Splittable, Step, Transducer, hint},
    pipeline::Pipeline,
};

/// Emits each item `count` times in a row.
///
/// `repeating(0)` emits nothing.
///
/// - **Memory**: one item in drivers that pause between outputs (lazy, stream, sink). An item is cloned for every
///   output but its last.
/// - **Like**: [`Iterator::flat_map`] with [`repeat_n`](core::iter::repeat_n); Robert Smallshire's `transducer` for
///   Python.
///
/// ```
/// use transducer::prelude::*;
///
/// assert_eq!([1, 2].into_iter().transduce(repeating(3)).collect::<Vec<_>>(), [1, 1, 1, 2, 2, 2]);
/// ```
#[doc(alias("repeat_n", "duplicate"))]
pub fn repeating(count: usize) -> Repeating {
    Repeating { count }
}

/// The transducer of [`repeating`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Repeating {
    count: usize,
}

impl<In: Clone> Transducer<In> for Repeating {
    type Out = In;
    type State = Rest<RepeatN<In>>;

    const SHAPE: Shape = Shape::MANY;

    #[inline]
    fn initial(&self) -> Self::State {
        Rest::new()
    }

    #[inline(always)]
    fn step(&self, rest: &mut Self::State, item: In, out: &mut impl Emit<In>) -> Step {
        rest.emit(repeat_n(item, self.count), out)
    }

    #[inline]
    fn resume(&self, rest: &mut Self::State, out: &mut impl Emit<In>) -> Step {
        rest.resume(out)
    }

    fn is_idle(&self, rest: &Self::State) -> bool {
        rest.is_empty()
    }

    fn size_hint(&self, state: &Self::State, (least, most): SizeHint) -> SizeHint {
        let input = (least.saturating_mul(self.count), most.and_then(|most| most.checked_mul(self.count)));
        hint::add(state.size_hint(), input)
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("repeating").setting("count", self.count, Change::Free);
    }
}

impl Splittable for Repeating {}

impl<In, X: Transducer<In, Out: Clone>> Pipeline<In, X> {
    /// Emits each item `count` times in a row. See [`repeating`].
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let numbers = [1, 2].into_iter().transduce(pipeline::<u32>().repeat(2));
    /// assert_eq!(numbers.collect::<Vec<_>>(), [1, 1, 2, 2]);
    /// ```
    pub fn repeat(self, count: usize) -> Pipeline<In, Compose<X, Repeating>> {
        self.then(repeating(count))
    }
}

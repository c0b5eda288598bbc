//! [`Combine`]: reducers whose accumulators can be put together, and [`Splittable`]: stages whose input can be cut anywhere.

use super::{Reducer, Step};

/// A reducer that folds the pieces of an input apart, and puts the accumulators together.
///
/// It is what runs a pipeline on all cores (`par_transduce`) and over a window that moves (`rolling`).
///
/// However the input is cut, and in whatever order neighbours are combined, the output is that of the whole input: a
/// combination is associative. It need not commute; the later piece is always on the right.
///
/// | reducer | what `combine` promises |
/// | --- | --- |
/// | most | the output of the whole input |
/// | sums of floats, `averaging`, `statistics` | the same up to rounding, which depends on where the input is cut |
/// | sums of integers | the same; where partial sums overflow, another panic or none |
/// | `reservoir` | another sample, as random as that of the whole input |
/// | `for_each` | the same calls, in another order if the pieces run at the same time |
///
/// ```
/// use std::ops::ControlFlow;
/// use transducer::{Combine, Step, prelude::*};
///
/// /// The greatest distance between two neighbours.
/// struct GreatestStep;
///
/// /// The first item, the last, and the greatest distance so far.
/// type Acc = Option<(i64, i64, i64)>;
///
/// impl Reducer<i64> for GreatestStep {
///     type Acc = Acc;
///     type Output = i64;
///
///     fn initial(&self) -> Acc {
///         None
///     }
///
///     fn step(&self, acc: &mut Acc, item: i64) -> Step {
///         self.combine(acc, Some((item, item, 0)))
///     }
///
///     fn complete(&self, acc: Acc) -> i64 {
///         acc.map_or(0, |(_, _, greatest)| greatest)
///     }
/// }
///
/// impl Combine<i64> for GreatestStep {
///     fn combine(&self, acc: &mut Acc, later: Acc) -> Step {
///         *acc = match (*acc, later) {
///             (Some((first, end, a)), Some((start, last, b))) => Some((first, last, a.max(b).max((start - end).abs()))),
///             (one, other) => one.or(other),
///         };
///         ControlFlow::Continue(())
///     }
/// }
///
/// let steps = [1, 4, 9, 7, 0].into_iter().transduce(rolling(3, GreatestStep));
/// assert_eq!(steps.collect::<Vec<_>>(), [5, 5, 7]);
/// ```
///
/// The law kit holds a reducer of your own to it: `laws::CombineLaws`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't combine what it has made of two pieces of the input",
    label = "is no `Combine<{In}>`",
    note = "reducers such as `counting`, `summing`, `maximum`, `top` and `grouping` can; `folding` with a closure can't: \
            implement `Combine` for a reducer of your own",
    note = "`xf.apply(reducer)` can if each stage of `xf` treats each item by itself, as `mapping` and `filtering` do"
)]
pub trait Combine<In>: Reducer<In> {
    /// What an end means to the other pieces of the input.
    const ENDING: Ending = Ending::Later;

    /// Makes the accumulator of a piece of the input. No two pieces that are combined have the same number; an only one has
    /// 0.
    ///
    /// For reducers that draw random numbers, which must be others in each piece. By default it is
    /// [`initial`](Reducer::initial).
    #[inline]
    fn initial_of_piece(&self, _number: u64) -> Self::Acc {
        self.initial()
    }

    /// Adds the accumulator of the piece of the input that comes right after. After `Break` it is not called again.
    ///
    /// `later` may be one that has ended: then the answer is `Break`.
    fn combine(&self, acc: &mut Self::Acc, later: Self::Acc) -> Step;
}

/// What it means to the other pieces of an input that the reducer has ended in one. See [`Combine::ENDING`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ending {
    /// No step and no combination ever ends the run.
    Never,
    /// What comes later is not wanted. What comes before is: it is still in front.
    Later,
    /// The output is decided, whatever the other pieces have.
    All,
}

impl Ending {
    /// What the end of both of two reducers means, where the run ends with the last.
    pub(crate) const fn and(self, other: Self) -> Self {
        match (self, other) {
            // One that never ends may have ended before the first item, as `top(0)` has.
            (Self::Never, other) | (other, Self::Never) => other,
            (Self::All, Self::All) => Self::All,
            _ => Self::Later,
        }
    }
}

impl<In, R: Combine<In>> Combine<In> for &R {
    const ENDING: Ending = R::ENDING;

    #[inline]
    fn initial_of_piece(&self, number: u64) -> R::Acc {
        (**self).initial_of_piece(number)
    }

    #[inline]
    fn combine(&self, acc: &mut R::Acc, later: R::Acc) -> Step {
        (**self).combine(acc, later)
    }
}

/// A stage that treats each item by itself, so that its input can be cut anywhere: each piece gets a state of its own,
/// and the outputs one after the other are those of the whole input.
///
/// Such a stage never ends the run, emits nothing at the end, and waits for no time to pass. `mapping`, `filtering` and
/// `flat_mapping` are, and compositions of them. It has no methods: a stage of your own that is like that says so.
///
/// ```
/// use transducer::{Emit, Splittable, Step, Transducer};
///
/// struct Twice;
///
/// impl Transducer<u32> for Twice {
///     # type Out = u32;
///     # type State = ();
///     # fn initial(&self) {}
///     # fn step(&self, _: &mut (), item: u32, out: &mut impl Emit<u32>) -> Step { out.emit(2 * item) }
///     // ...
/// }
///
/// impl Splittable for Twice {}
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be split between threads: what it emits depends on the items before",
    label = "has to see all items, in order",
    note = "cut the pipeline in two before this stage: `par_transduce_in_order(prefix, rest, reducer, source)` runs the \
            prefix on all cores, and the rest in order behind it",
    note = "for a pipeline of its own for each key, `par_by_key` runs the keys on all cores",
    note = "for a stage of your own that treats each item by itself, write `impl Splittable for ..`"
)]
pub trait Splittable {}

impl<X: Splittable> Splittable for &X {}

#[cfg(feature = "alloc")]
impl<X: Splittable> Splittable for alloc::boxed::Box<X> {}

#[cfg(feature = "alloc")]
impl<X: Splittable> Splittable for alloc::sync::Arc<X> {}

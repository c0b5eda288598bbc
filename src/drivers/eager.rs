//! The eager driver: a whole source into one output.

use crate::kernel::{Fold, Guarded, Reducer, Slot, Step, Transducer, call};

/// Runs the items of `source` through `xf` into `reducer` and gives the reducer's output, once the run has ended.
///
/// A timed transducer does not compile here, because this driver has no clock: put it into
/// [`by_event_time`](crate::by_event_time), or use [`timed_transduce`](crate::timed_transduce).
///
/// - **Memory**: what `xf` and `reducer` keep.
/// - **Ends**: with the source, or as soon as `xf` or `reducer` ends the run. What is left of a source passed
///   `by_ref()` is still there. If `xf` or `reducer` wants no input at all, nothing is taken from the source.
/// - **Like**: `Iterator::fold` behind adaptors; Clojure `transduce`, where the initial value comes from the reducer.
///
/// ```
/// use transducer::prelude::*;
///
/// let sum_of_odd_squares = compose((filtering(|x: &u64| x % 2 == 1), mapping(|x| x * x)));
/// let sum: u64 = transduce(&sum_of_odd_squares, summing(), 1..=5);
/// assert_eq!(sum, 1 + 9 + 25);
///
/// let mut source = 1..=5;
/// transduce(transducer::taking(2), summing::<i32>(), source.by_ref());
/// assert_eq!(source, 3..=5);
/// ```
#[doc(alias("fold", "reduce"))]
#[inline]
pub fn transduce<X, R, I>(xf: X, reducer: R, source: I) -> R::Output
where
    I: IntoIterator,
    X: Transducer<I::Item>,
    R: Reducer<X::Out>,
{
    let init = reducer.initial();
    transduce_from(xf, reducer, source, init)
}

/// Runs like [`transduce`], but starts from the accumulator `init`.
///
/// ```
/// use transducer::prelude::*;
///
/// assert_eq!(transduce_from(mapping(|x: i32| x * 10), appending(), [2, 3], vec![1]), [1, 20, 30]);
/// ```
#[inline]
pub fn transduce_from<X, R, I>(xf: X, reducer: R, source: I, init: R::Acc) -> R::Output
where
    I: IntoIterator,
    X: Transducer<I::Item>,
    R: Reducer<X::Out>,
{
    const { X::SHAPE.assert_untimed() };
    let reduced = reducer.is_reduced(&init);
    let mut state = xf.initial();
    let wants_input = !reduced && !xf.is_reduced(&state);
    let mut init = init;
    let mut out = Fold { reducer: &reducer, acc: Guarded::new(&mut init, reduced) };
    if wants_input {
        // Chosen in a const, so that a pipeline isn't compiled both ways.
        let feed = const {
            let feed: Feed<X, R, I> = if X::SHAPE.emits_one() { feed_all } else { feed_each };
            feed
        };
        let _ = feed(&xf, &mut state, source.into_iter(), &mut out);
    }
    let _ = call::complete(&xf, &mut state, &mut out);
    reducer.complete(init)
}

/// A way to run a source through a transducer into a reducer.
type Feed<X, R, I> = fn(
    &X,
    &mut <X as Transducer<<I as IntoIterator>::Item>>::State,
    <I as IntoIterator>::IntoIter,
    &mut Fold<'_, R, <R as Reducer<<X as Transducer<<I as IntoIterator>::Item>>::Out>>::Acc>,
) -> Step;

/// Hands the reducer an iterator of outputs: one is made of each item, so that their number is known where that of the
/// items is.
#[inline(always)]
fn feed_all<X, R, I>(xf: &X, state: &mut X::State, source: I, out: &mut Fold<'_, R, R::Acc>) -> Step
where
    I: Iterator,
    X: Transducer<I::Item>,
    R: Reducer<X::Out>,
{
    let Fold { reducer, acc } = out;
    acc.feed(|acc| reducer.step_all(acc, source.map(|item| only_output(xf, state, item))))
}

/// Steps the reducer with one output after the other.
#[inline(always)]
fn feed_each<X, R, I>(xf: &X, state: &mut X::State, source: I, out: &mut Fold<'_, R, R::Acc>) -> Step
where
    I: Iterator,
    X: Transducer<I::Item>,
    R: Reducer<X::Out>,
{
    call::each(source, |item| call::step(xf, state, item, out))
}

/// The one item that a stage which always emits one makes of `item`.
#[inline]
pub(super) fn only_output<In, X: Transducer<In>>(xf: &X, state: &mut X::State, item: In) -> X::Out {
    let mut slot = Slot::new();
    let _ = call::step(xf, state, item, &mut slot);
    slot.item.expect("rule 3 of the protocol: a stage of `Shape::ONE` emits an item a step")
}

//! The lazy driver: an iterator of outputs that takes inputs as it needs them.

use alloc::vec::Vec;
use core::{fmt, iter::FusedIterator, ops::ControlFlow};

use crate::{Reduced, SizeHint, Step, Transducer};

/// Runs `source` through `xf` as it is asked for items.
///
/// In go the items of `source`, out come those that `xf` emits, each as soon as the inputs it needs
/// have been taken and no sooner. When the transducer has had enough, the source is left alone. The
/// iterator is fused; dropped half-way it is abandoned, with nothing completed.
///
/// Keeps what the transducer keeps, and the items that one input expanded to until they are asked
/// for: a stage that makes many of one (such as `flat_mapping`) makes them all at once.
///
/// ```
/// use transducer::{compose, flat_mapping, lazy_transduce, taking};
///
/// let mut read = 0;
/// let lines = ["a b", "c d", "e f"].into_iter().inspect(|_| read += 1);
/// let words = compose((flat_mapping(|line: &'static str| line.split(' ')), taking(3)));
/// assert_eq!(lazy_transduce(words, lines).collect::<Vec<_>>(), ["a", "b", "c"]);
/// assert_eq!(read, 2);
/// ```
#[inline]
pub fn lazy_transduce<X, I>(xf: X, source: I) -> Transduced<X, I::IntoIter>
where
    I: IntoIterator,
    X: Transducer<I::Item>,
{
    let state = xf.initial();
    let source = (!xf.is_reduced(&state)).then(|| source.into_iter());
    Transduced { run: Some(state), source, waiting: Vec::new(), xf }
}

/// The [`transduce`](Self::transduce) method of iterators.
pub trait IteratorExt: Iterator {
    /// Runs this iterator through `xf`: see [`lazy_transduce`].
    ///
    /// ```
    /// use transducer::{IteratorExt, batching};
    ///
    /// let mut batches = (1..=3).transduce(batching(2));
    /// assert_eq!(batches.size_hint(), (2, Some(2)));
    /// assert_eq!(batches.next(), Some(vec![1, 2]));
    /// assert_eq!(batches.next(), Some(vec![3]));
    /// assert_eq!(batches.next(), None);
    /// ```
    #[inline]
    fn transduce<X: Transducer<Self::Item>>(self, xf: X) -> Transduced<X, Self>
    where
        Self: Sized,
    {
        lazy_transduce(xf, self)
    }
}

impl<I: Iterator> IteratorExt for I {}

/// An iterator over what a transducer makes of another one. Made by [`lazy_transduce`].
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct Transduced<X: Transducer<I::Item>, I: Iterator> {
    xf: X,
    /// `None` once the transducer has been completed.
    run: Option<X::State>,
    /// `None` once no more input is wanted, or there is none.
    source: Option<I>,
    /// Outputs that have been made and not yet asked for, the next one last. A `Vec` served from its
    /// end, because the optimizer loses sight of the loop when this is a `VecDeque` or a `SmallVec`.
    waiting: Vec<X::Out>,
}

impl<X: Transducer<I::Item>, I: Iterator> Transduced<X, I> {
    /// Takes inputs until one of them has made an output, and gives the first.
    #[inline]
    fn advance(&mut self) -> Option<X::Out> {
        let Self { xf, run, source: source_slot, waiting } = self;
        let mut first = None;
        if let (Some(state), Some(source)) = (run.as_mut(), source_slot.as_mut()) {
            let mut ended = true;
            // The common case, one output, never touches the queue.
            let _: ControlFlow<()> = source.try_for_each(|item| {
                let flow = xf.step(state, item, &mut |out| {
                    if first.is_none() {
                        first = Some(out);
                    } else {
                        waiting.push(out);
                    }
                    ControlFlow::Continue(())
                });
                if flow.is_break() {
                    return ControlFlow::Break(());
                }
                if first.is_some() {
                    ended = false;
                    return ControlFlow::Break(());
                }
                ControlFlow::Continue(())
            });
            if !ended {
                waiting.reverse();
                return first;
            }
        }
        self.finish(first)
    }

    /// Completes the run, after an end of the input or an early one.
    #[cold]
    fn finish(&mut self, mut first: Option<X::Out>) -> Option<X::Out> {
        self.source = None;
        if let Some(state) = self.run.take() {
            self.xf.complete(state, &mut |out| {
                if first.is_none() {
                    first = Some(out);
                } else {
                    self.waiting.push(out);
                }
                ControlFlow::Continue(())
            });
        }
        self.waiting.reverse();
        first
    }
}

impl<X: Transducer<I::Item>, I: Iterator> Iterator for Transduced<X, I> {
    type Item = X::Out;

    #[inline]
    fn next(&mut self) -> Option<X::Out> {
        match self.waiting.pop() {
            Some(out) => Some(out),
            None => self.advance(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        let input = self.source.as_ref().map_or((0, Some(0)), Iterator::size_hint);
        let coming = self.run.as_ref().map_or((0, Some(0)), |state| self.xf.size_hint(state, input));
        let waiting = self.waiting.len();
        (coming.0.saturating_add(waiting), coming.1.and_then(|most| most.checked_add(waiting)))
    }

    #[inline]
    fn fold<B, F: FnMut(B, X::Out) -> B>(self, init: B, mut f: F) -> B {
        let Self { xf, run, source, waiting } = self;
        let mut acc = Some(waiting.into_iter().rev().fold(init, &mut f));
        let mut emit = |out| -> Step {
            acc = acc.take().map(|acc| f(acc, out));
            ControlFlow::Continue(())
        };
        if let Some(mut state) = run {
            if let Some(mut source) = source {
                let _: ControlFlow<Reduced> = source.try_for_each(|item| xf.step(&mut state, item, &mut emit));
            }
            xf.complete(state, &mut emit);
        }
        acc.expect("`f` gave an accumulator back, or panicked")
    }
}

impl<X: Transducer<I::Item>, I: Iterator> FusedIterator for Transduced<X, I> {}

impl<X, I> Clone for Transduced<X, I>
where
    X: Transducer<I::Item, State: Clone, Out: Clone> + Clone,
    I: Iterator + Clone,
{
    fn clone(&self) -> Self {
        Self { xf: self.xf.clone(), run: self.run.clone(), source: self.source.clone(), waiting: self.waiting.clone() }
    }
}

impl<X, I> fmt::Debug for Transduced<X, I>
where
    X: Transducer<I::Item> + fmt::Debug,
    I: Iterator + fmt::Debug,
{
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Transduced").field("xf", &self.xf).field("source", &self.source).finish_non_exhaustive()
    }
}

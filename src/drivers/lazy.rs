//! The lazy driver: an iterator of outputs that takes inputs as it needs them.

use alloc::vec::Vec;
use core::{cell::Cell, fmt, iter::FusedIterator, mem, ops::ControlFlow};

use super::eager::only_output;
use crate::{Reduced, SizeHint, Step, Transducer};

/// Runs `source` through `xf` as it is asked for items.
///
/// In go the items of `source`, out come those that `xf` emits, each as soon as the inputs it needs
/// have been taken and no sooner. When the transducer has had enough, the source is left alone. The
/// iterator is fused; dropped half-way it is abandoned, with nothing completed.
///
/// Keeps what the transducer keeps. What `flat_mapping`, `flattening` and `repeating` make of an item is made
/// one by one, as it is asked for; of what another stage emits in one step or at the end, all but the first
/// waits in a queue.
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
    let run = if xf.is_reduced(&state) { Run::Unfed(state) } else { Run::Fed(state, source.into_iter()) };
    Transduced { run, waiting: Vec::new(), xf }
}

/// The [`transduce`](Self::transduce) method of iterators.
pub trait TransduceIterator: Iterator {
    /// Runs this iterator through `xf`: see [`lazy_transduce`].
    ///
    /// ```
    /// use transducer::{TransduceIterator, batching};
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

impl<I: Iterator> TransduceIterator for I {}

/// An iterator over what a transducer makes of another one. Made by [`lazy_transduce`].
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct Transduced<X: Transducer<I::Item>, I: Iterator> {
    xf: X,
    run: Run<X::State, I>,
    /// Outputs that have been made and not yet asked for, the next one last. A `Vec` served from its
    /// end, because the optimizer loses sight of the loop when this is a `VecDeque` or a `SmallVec`.
    waiting: Vec<X::Out>,
}

/// How far a run has come. One enum, and not an `Option` each, so that `next` has one thing to test.
#[derive(Clone)]
enum Run<S, I> {
    /// Takes input.
    Fed(S, I),
    /// Wants no more input, but is still to be completed.
    Unfed(S),
    /// Has been completed.
    Completed,
}

impl<X: Transducer<I::Item>, I: Iterator> Transduced<X, I> {
    /// Goes on until there is an output, and gives it.
    #[inline]
    fn advance(&mut self) -> Option<X::Out> {
        let Self { xf, run, waiting } = self;
        let (mut first, full) = (None, Cell::new(false));
        // A run that is `Unfed` goes on in `finish`: a pointer that could point into either would keep both in
        // memory, and a `for` loop over `flat_mapping` would take three times the instructions.
        if let Run::Fed(state, source) = run {
            // The common case, one output, never touches the queue.
            let emit = &mut |out| -> Step {
                if X::AT_MOST_ONE || !full.get() {
                    first = Some(out);
                    full.set(true);
                } else {
                    waiting.push(out);
                }
                ControlFlow::Continue(())
            };
            let mut flow = xf.resume(state, emit, &full);
            while flow.is_continue() && !full.get() {
                flow = match source.next() {
                    Some(item) => xf.step_until(state, item, emit, &full),
                    None => ControlFlow::Break(Reduced),
                };
            }
            if flow.is_continue() {
                if !X::AT_MOST_ONE && waiting.len() > 1 {
                    waiting.reverse();
                }
                return first;
            }
        }
        self.finish(first)
    }

    /// After the end of the input, or an early one: makes what is left to be made, then completes the run. Gives
    /// what is to be emitted next.
    // Not left to the optimizer: it hides nothing from it, which is worth half of the instructions of
    // a simple `for` loop.
    #[inline(always)]
    fn finish(&mut self, mut first: Option<X::Out>) -> Option<X::Out> {
        if let Run::Fed(mut state, _) | Run::Unfed(mut state) = mem::replace(&mut self.run, Run::Completed) {
            let full = Cell::new(first.is_some());
            let emit = &mut |out| -> Step {
                if full.replace(true) {
                    self.waiting.push(out);
                } else {
                    first = Some(out);
                }
                ControlFlow::Continue(())
            };
            if !full.get() {
                let _ = self.xf.resume(&mut state, emit, &full);
            }
            if X::SUSPENDS && full.get() {
                self.run = Run::Unfed(state);
            } else {
                self.xf.complete(state, emit);
            }
            self.waiting.reverse();
        }
        first.or_else(|| self.waiting.pop())
    }
}

impl<X: Transducer<I::Item>, I: Iterator> Iterator for Transduced<X, I> {
    type Item = X::Out;

    #[inline]
    fn next(&mut self) -> Option<X::Out> {
        // Otherwise there is a queue only once the run has been completed, and `finish` serves it.
        if !X::AT_MOST_ONE
            && let Some(out) = self.waiting.pop()
        {
            return Some(out);
        }
        self.advance()
    }

    fn size_hint(&self) -> SizeHint {
        let coming = match &self.run {
            Run::Fed(state, source) => self.xf.size_hint(state, source.size_hint()),
            Run::Unfed(state) => self.xf.size_hint(state, (0, Some(0))),
            Run::Completed => (0, Some(0)),
        };
        let waiting = self.waiting.len();
        (coming.0.saturating_add(waiting), coming.1.and_then(|most| most.checked_add(waiting)))
    }

    #[inline]
    fn fold<B, F: FnMut(B, X::Out) -> B>(self, init: B, mut f: F) -> B {
        let Self { xf, run, waiting } = self;
        let acc = waiting.into_iter().rev().fold(init, &mut f);
        let (mut state, source) = match run {
            Run::Fed(state, source) => (state, Some(source)),
            Run::Unfed(state) => (state, None),
            Run::Completed => return acc,
        };
        let mut acc = Some(acc);
        let mut emit = |out| -> Step {
            acc = acc.take().map(|acc| f(acc, out));
            ControlFlow::Continue(())
        };
        let never = Cell::new(false);
        if xf.resume(&mut state, &mut emit, &never).is_continue()
            && let Some(mut source) = source
        {
            let _: ControlFlow<Reduced> = source.try_for_each(|item| xf.step(&mut state, item, &mut emit));
        }
        xf.complete(state, &mut emit);
        acc.expect("`f` gave an accumulator back, or panicked")
    }

    fn collect<C: FromIterator<X::Out>>(self) -> C {
        match self.run {
            // An iterator whose length std can trust, where the source's is.
            Run::Fed(mut state, source) if X::ONE_TO_ONE => {
                let collection = source.map(|item| only_output(&self.xf, &mut state, item)).collect();
                self.xf.complete(state, &mut |_| ControlFlow::Continue(()));
                collection
            }
            _ => C::from_iter(self),
        }
    }
}

impl<X: Transducer<I::Item>, I: Iterator> FusedIterator for Transduced<X, I> {}

impl<X, I> Clone for Transduced<X, I>
where
    X: Transducer<I::Item, State: Clone, Out: Clone> + Clone,
    I: Iterator + Clone,
{
    fn clone(&self) -> Self {
        Self { xf: self.xf.clone(), run: self.run.clone(), waiting: self.waiting.clone() }
    }
}

impl<X, I> fmt::Debug for Transduced<X, I>
where
    X: Transducer<I::Item> + fmt::Debug,
    I: Iterator + fmt::Debug,
{
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let source = if let Run::Fed(_, source) = &self.run { Some(source) } else { None };
        out.debug_struct("Transduced").field("xf", &self.xf).field("source", &source).finish_non_exhaustive()
    }
}

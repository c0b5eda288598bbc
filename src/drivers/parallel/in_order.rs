use alloc::{boxed::Box, vec::Vec};
use core::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, TryLockError};

use rayon::ScopeFifo;

use crate::kernel::{Fold, Guarded, Reducer, Slot, Splittable, Step, Transducer, call, unbounded};

/// Runs `prefix` on all cores, and `rest` behind it in the order of the input, into `reducer` (feature `rayon`).
///
/// It is [`transduce`](crate::transduce) of `compose((prefix, rest))`, with the same output. `prefix` is what may be
/// [split](Splittable): the costly part, usually. `rest` may be anything: it runs on one thread at a time, beside the
/// others. `source` is any iterator, an endless one too; it is read by one thread at a time.
///
/// `pieces` says how many items a thread takes at once, and how many pieces are on their way at most. It runs in rayon's pool,
/// or the one that it is called in by `ThreadPool::install`; no thread of it ever waits for another.
///
/// - **Memory**: the items or outputs of all pieces on their way, and what `rest` and `reducer` keep.
/// - **Ends**: with the source, or as soon as `rest` or `reducer` ends the run. The source has then been read further than
///   [`transduce`](crate::transduce) does, by the pieces on their way.
/// - **Panics**: as a stage or the reducer does; nothing is read any more.
/// - **Like**: `Iterator::map` on threads, as pariter's `parallel_map`, but for any stages and in rayon's pool.
///
/// ```
/// use transducer::{drivers::Pieces, prelude::*};
///
/// let hash = |x: u64| (0..100).fold(x, |hash, _| (hash ^ x).wrapping_mul(0x100000001b3));
/// let costly = compose((mapping(hash), filtering(|x: &u64| x % 3 == 0)));
/// let rest = compose((deduping(), taking(10)));
/// let found = par_transduce_in_order(&costly, &rest, appending(), 0.., Pieces::of(8));
/// assert_eq!(found, transduce(compose((&costly, &rest)), appending(), 0..));
/// ```
#[doc(alias("parallel_map", "ordered", "buffered"))]
pub fn par_transduce_in_order<X, Y, R, I>(prefix: X, rest: Y, reducer: R, source: I, pieces: Pieces) -> R::Output
where
    I: IntoIterator<Item: Send, IntoIter: Send>,
    X: Transducer<I::Item, Out: Send> + Splittable + Sync,
    Y: Transducer<X::Out, State: Send> + Sync,
    R: Reducer<Y::Out, Acc: Send> + Sync,
{
    const {
        X::SHAPE.assert_untimed();
        Y::SHAPE.assert_untimed();
    };
    let state = rest.initial();
    let acc = Guarded::of(&reducer);
    let state = Guarded::new(state, false);
    let mut behind = Behind { source: None, begun: 0, drained: 0, state, acc };
    if !behind.acc.reduced && !rest.is_reduced(&behind.state.state) {
        behind.source = Some(source.into_iter());
        let in_flight = pieces.in_flight.unwrap_or_else(|| 4 * rayon::current_num_threads()).max(1);
        let run = InOrder {
            prefix: &prefix,
            rest: &rest,
            reducer: &reducer,
            size: pieces.size,
            ended: AtomicBool::new(false),
            made: (0..in_flight).map(|_| Mutex::new(None)).collect(),
            pending: AtomicUsize::new(0),
            behind: Mutex::new(behind),
        };
        rayon::scope_fifo(|scope| run.drain(scope));
        behind = run.behind.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    }
    let Behind { mut state, mut acc, .. } = behind;
    let guarded = Guarded::new(&mut acc.state, acc.reduced);
    let _ = call::complete(&rest, &mut state.state, &mut Fold { reducer: &reducer, acc: guarded });
    reducer.complete(acc.state)
}

/// How [`par_transduce_in_order`] cuts its input.
///
/// ```
/// use transducer::drivers::Pieces;
///
/// // Some 100 items a piece, and no more than 16 pieces on their way.
/// let pieces = Pieces::of(100).in_flight(16);
/// assert_eq!(Pieces::default(), Pieces::of(64));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pieces {
    size: usize,
    in_flight: Option<usize>,
}

impl Pieces {
    /// Pieces of `size` items: many for items that cost little, so that a piece costs some 10 µs or more; few for costly
    /// ones, because as many are made in vain when a run ends early.
    ///
    /// - **Panics**: if `size` is 0.
    #[track_caller]
    pub const fn of(size: usize) -> Self {
        assert!(size > 0, "`size` must be at least 1");
        Self { size, in_flight: None }
    }

    /// Sets how many pieces there may be that have been read and not been drained: 4 for each thread of the pool, unless this
    /// says otherwise.
    ///
    /// - **Panics**: if `pieces` is 0.
    #[must_use]
    #[track_caller]
    pub const fn in_flight(self, pieces: usize) -> Self {
        assert!(pieces > 0, "`pieces` must be at least 1");
        Self { in_flight: Some(pieces), ..self }
    }
}

impl Default for Pieces {
    fn default() -> Self {
        Self::of(64)
    }
}

/// What the pieces of a run share.
struct InOrder<'a, X, Y, R, I, Out, S, A> {
    prefix: &'a X,
    rest: &'a Y,
    reducer: &'a R,
    size: usize,
    /// Whether the rest wants no more.
    ended: AtomicBool,
    /// What has been made of the pieces in flight, each at its number modulo the length.
    made: Box<[Mutex<Option<Vec<Out>>>]>,
    /// How many pieces have been made and not been seen. Who raises it from 0 drains them, and all that come meanwhile; so
    /// there is one at a time, and nobody waits to be it.
    pending: AtomicUsize,
    /// Of the one that drains. A stage in there may let the thread steal a piece: that raises `pending`, and doesn't
    /// come here.
    behind: Mutex<Behind<I, S, A>>,
}

/// What is behind the parallel part, and its source.
struct Behind<I, S, A> {
    /// `None` once there is nothing left to be read, or nobody to read it for.
    source: Option<I>,
    begun: usize,
    drained: usize,
    state: Guarded<S>,
    acc: Guarded<A>,
}

impl<X, Y, R, I> InOrder<'_, X, Y, R, I, X::Out, Y::State, R::Acc>
where
    I: Iterator<Item: Send> + Send,
    X: Transducer<I::Item, Out: Send> + Splittable + Sync,
    Y: Transducer<X::Out, State: Send> + Sync,
    R: Reducer<Y::Out, Acc: Send> + Sync,
{
    /// Notes that there may be something to drain, and drains it unless somebody does.
    fn drain<'s>(&'s self, scope: &ScopeFifo<'s>) {
        if self.pending.fetch_add(1, Ordering::AcqRel) > 0 {
            return;
        }
        let mut seen = 1;
        while seen > 0 {
            {
                let mut behind = self.behind.try_lock().expect("there is one that drains");
                self.read(&mut behind, scope);
                while let Some(outputs) = self.next_made(&behind) {
                    behind.drained += 1;
                    if self.feed(&mut behind, outputs).is_break() {
                        self.ended.store(true, Ordering::Relaxed);
                        behind.source = None;
                    }
                    self.read(&mut behind, scope);
                }
            }
            seen = match self.pending.compare_exchange(seen, 0, Ordering::AcqRel, Ordering::Acquire) {
                Ok(_) => 0,
                Err(more) => more,
            };
        }
    }

    /// What has been made of the piece that comes next, if it has.
    fn next_made(&self, behind: &Behind<I, Y::State, R::Acc>) -> Option<Vec<X::Out>> {
        match self.made[behind.drained % self.made.len()].try_lock() {
            Ok(mut made) => made.take(),
            // It is just being put there: `pending` will say so.
            Err(TryLockError::WouldBlock) => None,
            Err(TryLockError::Poisoned(made)) => made.into_inner().take(),
        }
    }

    /// Reads as many pieces as may be in flight, and has them made.
    fn read<'s>(&'s self, behind: &mut Behind<I, Y::State, R::Acc>, scope: &ScopeFifo<'s>) {
        while behind.begun - behind.drained < self.made.len() {
            let Some(source) = &mut behind.source else { return };
            let items: Vec<I::Item> = source.take(self.size).collect();
            if items.len() < self.size {
                behind.source = None;
            }
            if items.is_empty() {
                return;
            }
            let number = behind.begun;
            behind.begun += 1;
            scope.spawn_fifo(move |scope| {
                let outputs = self.outputs(items);
                *self.made[number % self.made.len()].lock().unwrap_or_else(std::sync::PoisonError::into_inner) =
                    Some(outputs);
                self.drain(scope);
            });
        }
    }

    /// What the parallel part makes of a piece.
    fn outputs(&self, items: Vec<I::Item>) -> Vec<X::Out> {
        let mut state = self.prefix.initial();
        if X::SHAPE.emits_at_most_one() && !X::SHAPE.flushes() {
            // Std collects these where the items were, if they are of one size.
            let wanted = items.into_iter().take_while(|_| self.answer().is_continue());
            let made = wanted.filter_map(|item| {
                let mut slot = Slot::new();
                let _ = call::step(self.prefix, &mut state, item, &mut slot);
                slot.item
            });
            return made.collect();
        }
        let mut outputs = Vec::new();
        let mut out = unbounded(|output| {
            outputs.push(output);
            self.answer()
        });
        let flow = items.into_iter().try_for_each(|item| {
            self.answer()?;
            call::step(self.prefix, &mut state, item, &mut out)
        });
        if flow.is_continue() {
            let _ = call::complete(self.prefix, &mut state, &mut out);
        }
        outputs
    }

    fn answer(&self) -> Step {
        if self.ended.load(Ordering::Relaxed) { Step::Break(crate::kernel::Reduced) } else { Step::Continue(()) }
    }

    /// Runs the rest over what has been made of a piece.
    fn feed(&self, behind: &mut Behind<I, Y::State, R::Acc>, outputs: Vec<X::Out>) -> Step {
        let Behind { state, acc, .. } = behind;
        state.feed(|state| {
            let mut out = Fold { reducer: self.reducer, acc: Guarded { state: &mut acc.state, reduced: acc.reduced } };
            let flow = call::each(outputs.into_iter(), |item| call::step(self.rest, state, item, &mut out));
            acc.reduced = out.acc.reduced;
            flow
        })
    }
}

use core::{
    cell::{Cell, RefCell},
    marker::PhantomData,
    ops::ControlFlow,
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
};
use std::sync::{Arc, Mutex, PoisonError};

use rayon::iter::{
    IntoParallelIterator, ParallelIterator,
    plumbing::{Consumer, Folder, Reducer as Join, UnindexedConsumer},
};

use crate::kernel::{Combine, Emit, Ending, Fold, Guarded, Reduced, Splittable, Transducer, call, unbounded};

/// Runs the items of `source` through `xf` into `reducer` on all cores, and gives the reducer's output (feature `rayon`).
///
/// Each thread folds pieces of the input, and neighbours are [combined](Combine): the output is that of
/// [`transduce`](crate::transduce), up to what the reducer's `Combine` says of rounding and chance. That is so whoever folds
/// which piece; but where a sum of floats is cut depends on which threads are idle, so its last digits can be others in
/// each run. Of a source whose own order is not kept, such as `par_bridge`, the items come in the order in which it gives
/// them.
///
/// It runs in rayon's pool, or the one that it is called in by `ThreadPool::install`.
///
/// - **Memory**: what `reducer` keeps, for some pieces a thread.
/// - **Ends**: with the source, or as soon as the pieces that matter have. `first_of` stops those behind the piece that has
///   found an item, `any_of` all.
/// - **Panics**: as a stage or the reducer does; the other pieces are given up.
/// - **Like**: rayon's `fold` and `reduce`.
///
/// ```
/// use transducer::prelude::*;
///
/// let words = ["to", "be", "or", "not", "to", "be"];
/// let of_two = filtering(|word: &&str| word.len() == 2);
/// let counts = par_transduce(of_two, frequencies(), words);
/// assert_eq!(counts.into_iter().collect::<Vec<_>>(), [("to", 2), ("be", 2), ("or", 1)]);
/// ```
pub fn par_transduce<X, R, I>(xf: X, reducer: R, source: I) -> R::Output
where
    I: IntoParallelIterator,
    X: Transducer<I::Item> + Splittable + Sync,
    R: Combine<X::Out, Acc: Send> + Sync,
{
    const { X::SHAPE.assert_untimed() };
    let initial = reducer.initial();
    if reducer.is_reduced(&initial) {
        return reducer.complete(initial);
    }
    let run = Parallel { xf: &xf, reducer: &reducer, begun: AtomicU64::new(0), ended: AtomicU64::new(NOWHERE) };
    let result = source.into_par_iter().drive_unindexed(Part::whole(&run));
    reducer.complete(result.into_acc().map_or(initial, |acc| acc.state))
}

/// Behind every piece.
const NOWHERE: u64 = u64::MAX;

/// What all pieces of a run share.
struct Parallel<'a, X, R> {
    xf: &'a X,
    reducer: &'a R,
    /// How many accumulators have been begun with.
    begun: AtomicU64,
    /// Where the first piece begins that has ended.
    ended: AtomicU64,
}

/// A part of the input, which can be cut into pieces.
///
/// Parts are numbered as rayon's own `find_first` does it: the input lies between 0 and [`NOWHERE`], and each cut is half-way.
struct Part<'a, X, R, A> {
    run: &'a Parallel<'a, X, R>,
    begin: Cell<u64>,
    end: u64,
    /// Where it meets the parts before and behind it.
    before: RefCell<Option<Arc<Meeting<A>>>>,
    behind: Option<Arc<Meeting<A>>>,
}

/// Where two neighbouring pieces meet: if the earlier is through before the later begins, the later goes on from its
/// accumulator, and there is nothing to combine.
struct Meeting<A> {
    /// Whether one of the two has been here.
    met: AtomicBool,
    // Locked for as long as it takes to move the accumulator: no code of a user's runs meanwhile.
    acc: Mutex<Option<Guarded<A>>>,
}

/// What has become of a part.
enum Folded<A> {
    Acc(Guarded<A>),
    /// It was left to the part behind it, if that has come for it.
    Left(Arc<Meeting<A>>),
}

impl<A> Meeting<A> {
    fn new() -> Self {
        Self { met: AtomicBool::new(false), acc: Mutex::new(None) }
    }

    /// Leaves the accumulator to the later piece; gives it back if that has begun.
    fn leave(&self, acc: Guarded<A>) -> Option<Guarded<A>> {
        self.put(Some(acc));
        if self.met.swap(true, Ordering::AcqRel) { self.take() } else { None }
    }

    /// Gives the accumulator of the earlier piece, if that is through.
    fn come(&self) -> Option<Guarded<A>> {
        if self.met.swap(true, Ordering::AcqRel) { self.take() } else { None }
    }

    fn put(&self, acc: Option<Guarded<A>>) {
        *self.acc.lock().unwrap_or_else(PoisonError::into_inner) = acc;
    }

    fn take(&self) -> Option<Guarded<A>> {
        self.acc.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl<A> Folded<A> {
    /// The accumulator, unless a later part has it.
    fn into_acc(self) -> Option<Guarded<A>> {
        match self {
            Self::Acc(acc) => Some(acc),
            Self::Left(meeting) => meeting.take(),
        }
    }
}

impl<'a, X, R, A> Part<'a, X, R, A> {
    fn whole(run: &'a Parallel<'a, X, R>) -> Self {
        Self { run, begin: Cell::new(0), end: NOWHERE, before: RefCell::new(None), behind: None }
    }

    /// Cuts off the first half.
    fn cut(&self) -> Self {
        let begin = self.begin.get();
        let middle = begin + (self.end - begin) / 2;
        self.begin.set(middle);
        let meeting = Arc::new(Meeting::new());
        let before = self.before.replace(Some(Arc::clone(&meeting)));
        Self {
            run: self.run,
            begin: Cell::new(begin),
            end: middle,
            before: RefCell::new(before),
            behind: Some(meeting),
        }
    }
}

impl<X, R> Parallel<'_, X, R> {
    /// Whether another piece has ended, so that the one that begins here is of no use.
    #[inline]
    fn is_over<In>(&self, begin: u64) -> bool
    where
        R: Combine<In>,
    {
        match R::ENDING {
            Ending::Never => false,
            Ending::Later => self.ended.load(Ordering::Relaxed) < begin,
            Ending::All => self.ended.load(Ordering::Relaxed) != NOWHERE,
        }
    }
}

impl<'a, In, X, R> Consumer<In> for Part<'a, X, R, R::Acc>
where
    X: Transducer<In> + Sync,
    R: Combine<X::Out, Acc: Send> + Sync,
{
    type Folder = Piece<'a, X, R, X::State, R::Acc>;
    type Reducer = Combining<'a, In, X, R>;
    type Result = Folded<R::Acc>;

    fn split_at(self, _: usize) -> (Self, Self, Self::Reducer) {
        let combining = Combining { run: self.run, item: PhantomData };
        (self.cut(), self, combining)
    }

    fn into_folder(self) -> Self::Folder {
        let begin = self.begin.get();
        let reducer = self.run.reducer;
        let acc = self.before.take().and_then(|meeting| meeting.come());
        let acc = acc.unwrap_or_else(|| Guarded::of_piece(reducer, self.run.begun.fetch_add(1, Ordering::Relaxed)));
        Piece { run: self.run, begin, behind: self.behind, state: self.run.xf.initial(), acc }
    }

    fn full(&self) -> bool {
        self.run.is_over(self.begin.get())
    }
}

impl<In, X, R> UnindexedConsumer<In> for Part<'_, X, R, R::Acc>
where
    X: Transducer<In> + Sync,
    R: Combine<X::Out, Acc: Send> + Sync,
{
    fn split_off_left(&self) -> Self {
        self.cut()
    }

    fn to_reducer(&self) -> Self::Reducer {
        Combining { run: self.run, item: PhantomData }
    }
}

/// A piece that is being folded.
struct Piece<'a, X, R, S, A> {
    run: &'a Parallel<'a, X, R>,
    begin: u64,
    behind: Option<Arc<Meeting<A>>>,
    state: S,
    acc: Guarded<A>,
}

impl<In, X, R> Folder<In> for Piece<'_, X, R, X::State, R::Acc>
where
    X: Transducer<In>,
    R: Combine<X::Out>,
{
    type Result = Folded<R::Acc>;

    fn consume(self, item: In) -> Self {
        self.consume_iter(Some(item))
    }

    #[inline]
    fn consume_iter<I: IntoIterator<Item = In>>(self, items: I) -> Self {
        if self.acc.reduced {
            return self;
        }
        // Taken apart, so that the accumulator is the loop's own. Through a pointer to `self`, what a stage chooses is a
        // branch around a store, and costs up to twice the time where it can't be foretold.
        let Self { run, begin, behind, mut state, mut acc } = self;
        let guarded = Guarded { state: &mut acc.state, reduced: false };
        let mut out = Fold { reducer: run.reducer, acc: guarded };
        // One place where the reducer is stepped: a second one is compiled as a call, which costs more than a short step.
        let _ = call::each_of_a_piece(items.into_iter(), |item| {
            if run.is_over(begin) {
                return ControlFlow::Break(Reduced);
            }
            call::step(
                run.xf,
                &mut state,
                item,
                &mut unbounded(|output: X::Out| {
                    // What a stage makes of one item may be endless.
                    if !X::SHAPE.emits_at_most_one() && run.is_over(begin) {
                        return ControlFlow::Break(Reduced);
                    }
                    out.emit(output)
                }),
            )
        });
        if out.acc.reduced {
            acc.reduced = true;
            run.ended.fetch_min(begin, Ordering::Relaxed);
        }
        Self { run, begin, behind, state, acc }
    }

    fn complete(mut self) -> Self::Result {
        let guarded = Guarded::new(&mut self.acc.state, self.acc.reduced);
        let mut out = Fold { reducer: self.run.reducer, acc: guarded };
        let _ = call::complete(self.run.xf, &mut self.state, &mut out);
        self.acc.reduced = out.acc.reduced;
        match self.behind {
            Some(meeting) => match meeting.leave(self.acc) {
                Some(acc) => Folded::Acc(acc),
                None => Folded::Left(meeting),
            },
            None => Folded::Acc(self.acc),
        }
    }

    fn full(&self) -> bool {
        self.acc.reduced || self.run.is_over(self.begin)
    }
}

/// Combines two neighbours.
struct Combining<'a, In, X, R> {
    run: &'a Parallel<'a, X, R>,
    item: PhantomData<fn(In)>,
}

impl<In, X: Transducer<In>, R: Combine<X::Out>> Join<Folded<R::Acc>> for Combining<'_, In, X, R> {
    fn reduce(self, left: Folded<R::Acc>, right: Folded<R::Acc>) -> Folded<R::Acc> {
        // What was left behind and is not there any more is in the accumulator of a later part.
        let Some(mut acc) = left.into_acc() else { return right };
        match right {
            Folded::Acc(later) => {
                let _ = acc.combine(self.run.reducer, later);
                Folded::Acc(acc)
            }
            Folded::Left(meeting) => match meeting.take() {
                Some(later) => {
                    let _ = acc.combine(self.run.reducer, later);
                    meeting.put(Some(acc));
                    Folded::Left(meeting)
                }
                None => Folded::Acc(acc),
            },
        }
    }
}

//! The engine: futures in flight, and the two orders in which their outputs are given.

use alloc::{collections::VecDeque, vec::Vec};
use core::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use futures_buffered::FuturesUnorderedBounded;
use futures_core::Stream;
use pin_project_lite::pin_project;

use crate::drivers::{
    upstream::{count_poll, polls},
    waiting::POLLS_A_TURN,
};

/// How much room is made for the first futures.
const FIRST: usize = 32;

/// How many futures in a row `futures-buffered` polls that are not done, before it lets the executor have its turn.
const POLLS_OF_A_GROUP: usize = 60;

/// Futures that run.
///
/// The engine is `futures-buffered`: `FuturesUnordered` of futures allocates for each future, and
/// polls all that are awake again and again when tokio's budget of a turn is spent, which at a limit
/// of 100,000 made each task a hundred times as dear.
pub(super) struct Running<F> {
    /// Futures are pinned, so room for more is another group, with as much room as all before it.
    /// (`FuturesUnordered` of `futures-buffered` grows likewise, but adds to its last group only.)
    groups: Vec<FuturesUnorderedBounded<Counted<F>>>,
    len: usize,
    /// The group whose turn it is.
    turn: usize,
    /// How many outputs it may still give in this turn.
    left: usize,
}

impl<F: Future> Running<F> {
    fn new() -> Self {
        Self { groups: Vec::new(), len: 0, turn: 0, left: 0 }
    }

    /// Adds a future. There are to be `limit` at most.
    #[inline]
    fn push(&mut self, future: F, limit: usize) {
        self.len += 1;
        // As a rule the group whose turn it is has just given an output, and has its place free.
        let group = match self.groups.get_mut(self.turn).filter(|group| has_room(group)) {
            Some(group) => group,
            None => self.group_with_room(limit),
        };
        group.push(Counted { future });
    }

    #[cold]
    fn group_with_room(&mut self, limit: usize) -> &mut FuturesUnorderedBounded<Counted<F>> {
        let at = self.groups.iter().rposition(has_room).unwrap_or_else(|| {
            // All are full.
            let made = self.len - 1;
            let room = limit.saturating_sub(made).clamp(1, made.max(FIRST));
            if made == 0 {
                // It is its turn.
                self.left = room;
            }
            self.groups.push(FuturesUnorderedBounded::new(room));
            self.groups.len() - 1
        });
        &mut self.groups[at]
    }

    /// The output of one that has completed; `Ready(None)` if there are none at all.
    #[inline]
    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<F::Output>> {
        if self.len == 0 {
            return Poll::Ready(None);
        }
        // A group keeps its turn as long as it has outputs, which spares polls of those that have none; but for no more
        // outputs than it has futures, so that others don't wait for one in which there is always another.
        let before = polls();
        for _ in 0..self.groups.len() {
            if self.left == 0 {
                self.turn = if self.turn + 1 < self.groups.len() { self.turn + 1 } else { 0 };
                self.left = self.groups[self.turn].len();
            }
            if let Poll::Ready(Some(output)) = Pin::new(&mut self.groups[self.turn]).poll_next(context) {
                self.len -= 1;
                self.left = self.left.saturating_sub(1);
                return Poll::Ready(Some(output));
            }
            self.left = 0;
            // After so many the group has stopped by itself, with more that are awake. If that is because tokio's budget
            // of the turn is spent, those of the other groups get no further either.
            if polls().wrapping_sub(before) > POLLS_OF_A_GROUP {
                context.waker().wake_by_ref();
                break;
            }
        }
        Poll::Pending
    }
}

fn has_room<F>(group: &FuturesUnorderedBounded<F>) -> bool {
    group.len() < group.capacity()
}

/// Tasks that have been pulled and whose outputs have not been given, running ones and finished ones.
pub trait InFlight<F: Future>: fmt::Debug {
    fn new() -> Self;

    /// How many there are.
    fn len(&self) -> usize;

    /// Adds one. There are to be `limit` at most.
    fn push(&mut self, future: F, limit: usize);

    /// The next output. `Ready(None)` if there are no tasks.
    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<F::Output>>;

    /// Lets the tasks run without taking an output. Their outputs are kept.
    fn poll_run(&mut self, context: &mut Context<'_>);
}

/// Outputs are given as they come.
pub struct AsTheyComplete<F: Future> {
    running: Running<F>,
    finished: VecDeque<F::Output>,
}

impl<F: Future> InFlight<F> for AsTheyComplete<F> {
    fn new() -> Self {
        Self { running: Running::new(), finished: VecDeque::new() }
    }

    fn len(&self) -> usize {
        self.running.len + self.finished.len()
    }

    #[inline]
    fn push(&mut self, future: F, limit: usize) {
        self.running.push(future, limit);
    }

    #[inline]
    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<F::Output>> {
        match self.finished.pop_front() {
            Some(output) => Poll::Ready(Some(output)),
            None => self.running.poll_next(context),
        }
    }

    fn poll_run(&mut self, context: &mut Context<'_>) {
        for _ in 0..POLLS_A_TURN {
            match self.running.poll_next(context) {
                Poll::Ready(Some(output)) => self.finished.push_back(output),
                Poll::Ready(None) | Poll::Pending => return,
            }
        }
        context.waker().wake_by_ref();
    }
}

/// Outputs are given in the order of the futures.
pub struct InTheirOrder<F: Future> {
    running: Running<Numbered<F>>,
    /// The output of each task that has been pulled and not given, if it has finished.
    outputs: VecDeque<Option<F::Output>>,
    /// The number of the first of these.
    head: usize,
}

impl<F: Future> InTheirOrder<F> {
    /// Runs the tasks until the first of them has finished, if `until_head`, or none is left awake.
    fn run(&mut self, until_head: bool, context: &mut Context<'_>) {
        for _ in 0..POLLS_A_TURN {
            if until_head && matches!(self.outputs.front(), Some(Some(_)) | None) {
                return;
            }
            match self.running.poll_next(context) {
                // Numbers wrap around; the difference is right all the same.
                Poll::Ready(Some((number, output))) => self.outputs[number.wrapping_sub(self.head)] = Some(output),
                Poll::Ready(None) | Poll::Pending => return,
            }
        }
        context.waker().wake_by_ref();
    }
}

impl<F: Future> InFlight<F> for InTheirOrder<F> {
    fn new() -> Self {
        Self { running: Running::new(), outputs: VecDeque::new(), head: 0 }
    }

    fn len(&self) -> usize {
        self.outputs.len()
    }

    #[inline]
    fn push(&mut self, future: F, limit: usize) {
        let number = self.head.wrapping_add(self.outputs.len());
        self.outputs.push_back(None);
        self.running.push(Numbered { future, number }, limit);
    }

    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<F::Output>> {
        self.run(true, context);
        match self.outputs.front_mut() {
            None => Poll::Ready(None),
            Some(head) => match head.take() {
                None => Poll::Pending,
                output => {
                    self.outputs.pop_front();
                    self.head = self.head.wrapping_add(1);
                    Poll::Ready(output)
                }
            },
        }
    }

    fn poll_run(&mut self, context: &mut Context<'_>) {
        self.run(false, context);
    }
}

impl<F: Future> fmt::Debug for AsTheyComplete<F> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = out.debug_struct("AsTheyComplete");
        out.field("running", &self.running.len).field("finished", &self.finished.len()).finish()
    }
}

impl<F: Future> fmt::Debug for InTheirOrder<F> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let finished = self.outputs.iter().flatten().count();
        out.debug_struct("InTheirOrder").field("running", &self.running.len).field("finished", &finished).finish()
    }
}

pin_project! {
    /// A future whose polls are counted.
    struct Counted<F> {
        #[pin]
        future: F,
    }
}

impl<F: Future> Future for Counted<F> {
    type Output = F::Output;

    #[inline(always)]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        count_poll();
        self.project().future.poll(context)
    }
}

pin_project! {
    /// A future whose output comes with its number.
    pub(super) struct Numbered<F> {
        #[pin]
        future: F,
        number: usize,
    }
}

impl<F: Future> Future for Numbered<F> {
    type Output = (usize, F::Output);

    #[inline]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let output = ready!(this.future.poll(context));
        Poll::Ready((*this.number, output))
    }
}

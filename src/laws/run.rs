//! Runs under the drivers, and what is seen of them.

use alloc::{vec, vec::Vec};
use core::{
    cell::Cell,
    ops::{ControlFlow, RangeInclusive},
};

use super::{Driver, watched::Watched};
use crate::{
    drivers::root::{TransduceIterator, reactive_transduce, transduce},
    kernel::{Reduced, SizeHint, Step, Transducer, compose, root::boxed_local},
    reducers::root::{appending, sending},
    sinks::EventSink,
    sources::root::iterable_source,
    stages::root::taking,
};

/// What was seen of one run.
pub(super) struct Record<Out> {
    pub(super) outputs: Vec<Out>,
    pub(super) pulled: usize,
    pub(super) completions: usize,
    pub(super) steps_after_break: usize,
    pub(super) out_of_turn: usize,
}

/// Every run that the laws look at, each with what it was cut short by, after how many items, and its driver.
pub(super) struct Runs<Out> {
    /// Over the whole input, twice.
    pub(super) whole: Vec<(Driver, [Record<Out>; 2])>,
    /// Over the whole input, by a driver that knows the very type of the transducer: its outputs, and what it took.
    pub(super) unwatched: Vec<(Driver, Driven<Out>)>,
    /// Of a driver that is not asked for more than so many outputs.
    pub(super) asked: Vec<(usize, Driver, Record<Out>)>,
    /// Behind `taking`.
    pub(super) behind_taking: Vec<(usize, Driver, Record<Out>)>,
    /// Before `taking`.
    pub(super) before_taking: Vec<(usize, Driver, Record<Out>)>,
}

impl<Out> Runs<Out> {
    /// Runs `xf`, which makes so many outputs of `input`, in every way.
    pub(super) fn of<In, X>(xf: &X, input: &[In], outputs: usize) -> Self
    where
        In: Clone,
        X: Transducer<In, Out = Out>,
    {
        let each = |counts: RangeInclusive<usize>, drivers: &[Driver], run: &dyn Fn(usize, Driver) -> Record<Out>| {
            let run_all = |count| drivers.iter().map(move |&driver| (count, driver, run(count, driver)));
            counts.flat_map(run_all).collect()
        };
        let all = |driver| Record::of(xf, |watched| drive(driver, watched, input, usize::MAX));
        Self {
            whole: Driver::ALL.iter().map(|&driver| (driver, [all(driver), all(driver)])).collect(),
            unwatched: Driver::ALL.iter().map(|&driver| (driver, drive(driver, xf, input, usize::MAX))).collect(),
            asked: each(1..=outputs, Driver::STOPPABLE, &|wanted, driver| {
                Record::of(xf, |watched| drive(driver, watched, input, wanted))
            }),
            behind_taking: each(0..=input.len(), Driver::ALL, &|count, driver| {
                Record::of(xf, |watched| {
                    drive(driver, &boxed_local(compose((taking(count), watched))), input, usize::MAX)
                })
            }),
            before_taking: each(0..=outputs, Driver::ALL, &|count, driver| {
                Record::of(xf, |watched| {
                    drive(driver, &boxed_local(compose((watched, taking(count)))), input, usize::MAX)
                })
            }),
        }
    }
}

impl<Out> Runs<Out> {
    /// Those that came to their end.
    pub(super) fn to_the_end(&self) -> impl Iterator<Item = (Driver, &Record<Out>)> {
        let whole = self.whole.iter().flat_map(|(driver, runs)| runs.iter().map(|run| (*driver, run)));
        let cut_short = self.behind_taking.iter().chain(&self.before_taking);
        whole.chain(cut_short.map(|(_, driver, run)| (*driver, run)))
    }

    /// All that were watched.
    pub(super) fn all(&self) -> impl Iterator<Item = (Driver, &Record<Out>)> {
        self.to_the_end().chain(self.asked.iter().map(|(_, driver, run)| (*driver, run)))
    }
}

impl<Out> Record<Out> {
    fn of<In, X>(xf: &X, drive: impl FnOnce(&Watched<'_, X>) -> Driven<Out>) -> Self
    where
        X: Transducer<In, Out = Out>,
    {
        let watched = Watched::new(xf);
        let Driven { outputs, pulled, sent_too_many } = drive(&watched);
        Self {
            outputs,
            pulled,
            completions: watched.completions.get(),
            steps_after_break: watched.steps_after_break.get() + sent_too_many,
            out_of_turn: watched.out_of_turn.get(),
        }
    }
}

/// What a driver did.
pub(super) struct Driven<Out> {
    pub(super) outputs: Vec<Out>,
    pub(super) pulled: usize,
    sent_too_many: usize,
}

/// Runs `xf` over `input` until the end, or until `wanted` outputs have come.
///
/// What a law puts around a transducer comes here in a box, so that the drivers are compiled once for all of them.
pub(super) fn drive<In, X>(driver: Driver, xf: &X, input: &[In], wanted: usize) -> Driven<X::Out>
where
    In: Clone,
    X: Transducer<In>,
{
    let pulled = Cell::new(0);
    let sent_too_many = Cell::new(0);
    let source = Source { items: input.iter().cloned(), pulled: &pulled, claim: |n| (n, Some(n)) };
    let sink = || Wanting { wanted, items: vec![], sent_too_many: &sent_too_many };
    let outputs = match driver {
        Driver::Stepped | Driver::Eager if wanted == usize::MAX => transduce(xf, appending(), source),
        Driver::Stepped | Driver::Eager => transduce(xf, sending(sink), source),
        Driver::LazyFold if wanted == usize::MAX => source.transduce(xf).fold(vec![], |mut outputs, out| {
            outputs.push(out);
            outputs
        }),
        Driver::Collect if wanted == usize::MAX => source.transduce(xf).collect(),
        Driver::Lazy | Driver::LazyFold | Driver::Collect => {
            let mut outputs = vec![];
            let mut items = source.transduce(xf);
            while outputs.len() < wanted {
                let Some(out) = items.next() else { break };
                outputs.push(out);
            }
            outputs
        }
        Driver::Push => iterable_source(source, reactive_transduce(xf, sink())),
        #[cfg(feature = "async")]
        Driver::Stream => super::asynchronous::through_a_stream(source, xf, wanted),
        #[cfg(feature = "async")]
        Driver::Sink => super::asynchronous::into_a_sink(source, xf, wanted),
    };
    Driven { outputs, pulled: pulled.get(), sent_too_many: sent_too_many.get() }
}

/// A source that counts what is taken from it, and says of itself what it is told to.
pub(super) struct Source<'a, I> {
    pub(super) items: I,
    pub(super) pulled: &'a Cell<usize>,
    pub(super) claim: fn(usize) -> SizeHint,
}

impl<I: ExactSizeIterator> Iterator for Source<'_, I> {
    type Item = I::Item;

    fn next(&mut self) -> Option<I::Item> {
        let item = self.items.next()?;
        self.pulled.set(self.pulled.get() + 1);
        Some(item)
    }

    fn size_hint(&self) -> SizeHint {
        (self.claim)(self.items.len())
    }
}

/// A sink that has had enough after so many items, and counts what it is sent all the same.
struct Wanting<'a, T> {
    wanted: usize,
    items: Vec<T>,
    sent_too_many: &'a Cell<usize>,
}

impl<T> EventSink<T> for Wanting<'_, T> {
    type Output = Vec<T>;

    fn send(&mut self, item: T) -> Step {
        if self.items.len() == self.wanted {
            self.sent_too_many.set(self.sent_too_many.get() + 1);
        } else {
            self.items.push(item);
        }
        if self.items.len() == self.wanted { ControlFlow::Break(Reduced) } else { ControlFlow::Continue(()) }
    }

    fn close(self) -> Vec<T> {
        self.items
    }
}

//! [`Emit`]: where a stage puts what it makes.

use core::ops::ControlFlow;

use super::{Guarded, Reduced, Reducer, Step, Time};

/// Where a stage puts its outputs; tells it how much downstream can take, and what time it is.
///
/// At the entry of each method of a [`Transducer`](crate::Transducer) that emits there is room for one item. A stage
/// that makes more outputs of one item asks [`is_full`](Self::is_full) before each further one, and keeps the rest in
/// its state for [`resume`](crate::Transducer::resume). [`emit_from`](Self::emit_from) does this for an iterator.
///
/// The trait is sealed. A driver of your own gets an `Emit` from [`unbounded`], or uses a [`Run`](crate::kernel::Run).
pub trait Emit<T>: sealed::Sealed {
    /// Whether it can ever be full. Where it can't, all code for pausing is compiled away.
    const PAUSES: bool;

    /// Whether it is known at compile time that downstream wants nothing: then nothing is made.
    #[doc(hidden)]
    const CLOSED: bool = false;

    /// Hands an item downstream. Returns `Break` if downstream wants no more.
    ///
    /// - **Panics**: if it is full.
    fn emit(&mut self, item: T) -> Step;

    /// Whether downstream has all that it wants for now. The rest is made by [`resume`](crate::Transducer::resume).
    fn is_full(&self) -> bool;

    /// The moment of this call, or [`Time::START`] if the driver has no clock.
    fn now(&self) -> Time;

    /// Gives an `Emit` that applies `f` to each item and emits the result here.
    ///
    /// ```
    /// use std::ops::ControlFlow;
    /// use transducer::{Emit, unbounded};
    ///
    /// let mut seen = vec![];
    /// let mut out = unbounded(|item: Option<i32>| {
    ///     seen.push(item);
    ///     ControlFlow::Continue(())
    /// });
    /// let _ = out.map(Some).emit(1);
    /// assert_eq!(seen, [Some(1)]);
    /// ```
    #[inline(always)]
    fn map<U, F: FnMut(U) -> T>(&mut self, f: F) -> Mapped<'_, Self, F>
    where
        Self: Sized,
    {
        Mapped { out: self, f }
    }

    /// Gives the same `Emit` at `moment`: `run.advance(&xf, &mut out.at(deadline))`. A driver that has a clock does
    /// this for every call.
    #[inline(always)]
    fn at(&mut self, moment: Time) -> At<'_, Self>
    where
        Self: Sized,
    {
        At { out: self, moment }
    }

    /// Emits items until it is full or there are no more. Returns `Continue(true)` if there are no more.
    ///
    /// ```
    /// use std::ops::ControlFlow;
    /// use transducer::{Emit, unbounded};
    ///
    /// let mut out = unbounded(|_| ControlFlow::Continue(()));
    /// assert_eq!(out.emit_from(&mut (0..3)), ControlFlow::Continue(true));
    /// ```
    #[inline(always)]
    fn emit_from<I: Iterator<Item = T>>(&mut self, items: &mut I) -> ControlFlow<Reduced, bool>
    where
        Self: Sized,
    {
        if Self::CLOSED {
            return ControlFlow::Break(Reduced);
        }
        if !Self::PAUSES {
            items.try_for_each(|item| self.emit(item))?;
            return ControlFlow::Continue(true);
        }
        while !self.is_full() {
            let Some(item) = items.next() else { return ControlFlow::Continue(true) };
            self.emit(item)?;
        }
        ControlFlow::Continue(false)
    }
}

mod sealed {
    pub trait Sealed {}
}
pub(crate) use sealed::Sealed;

/// Writes what all have in common that are the end of a pipeline and take everything.
macro_rules! never_full {
    () => {
        const PAUSES: bool = false;

        #[inline(always)]
        fn is_full(&self) -> bool {
            false
        }

        #[inline(always)]
        fn now(&self) -> Time {
            Time::START
        }
    };
}

/// The `Emit` of [`Emit::map`].
#[derive(Debug)]
pub struct Mapped<'a, E, F> {
    out: &'a mut E,
    f: F,
}

impl<E, F> Sealed for Mapped<'_, E, F> {}

impl<T, U, E: Emit<T>, F: FnMut(U) -> T> Emit<U> for Mapped<'_, E, F> {
    const PAUSES: bool = E::PAUSES;
    const CLOSED: bool = E::CLOSED;

    #[inline(always)]
    fn emit(&mut self, item: U) -> Step {
        self.out.emit((self.f)(item))
    }

    #[inline(always)]
    fn is_full(&self) -> bool {
        self.out.is_full()
    }

    #[inline(always)]
    fn now(&self) -> Time {
        self.out.now()
    }
}

/// The `Emit` of [`Emit::at`].
#[derive(Debug)]
pub struct At<'a, E> {
    out: &'a mut E,
    moment: Time,
}

impl<E> Sealed for At<'_, E> {}

impl<T, E: Emit<T>> Emit<T> for At<'_, E> {
    const PAUSES: bool = E::PAUSES;
    const CLOSED: bool = E::CLOSED;

    #[inline(always)]
    fn emit(&mut self, item: T) -> Step {
        self.out.emit(item)
    }

    #[inline(always)]
    fn is_full(&self) -> bool {
        self.out.is_full()
    }

    #[inline(always)]
    fn now(&self) -> Time {
        self.moment
    }
}

/// Makes an [`Emit`] that is never full and calls `f` with each item.
///
/// For drivers that take all outputs of a step at once. It has no clock: add one by [`Emit::at`].
///
/// ```
/// use std::ops::ControlFlow;
/// use transducer::{prelude::*, unbounded};
///
/// let xf = repeating(2);
/// let mut seen = vec![];
/// let mut out = unbounded(|item| {
///     seen.push(item);
///     ControlFlow::Continue(())
/// });
/// let _ = xf.step(&mut xf.initial(), 'a', &mut out);
/// assert_eq!(seen, ['a', 'a']);
/// ```
pub fn unbounded<T, F: FnMut(T) -> Step>(f: F) -> Unbounded<F> {
    Unbounded { f }
}

/// The `Emit` of [`unbounded`].
pub struct Unbounded<F> {
    f: F,
}

impl<F> Sealed for Unbounded<F> {}

impl<T, F: FnMut(T) -> Step> Emit<T> for Unbounded<F> {
    never_full!();

    #[inline(always)]
    fn emit(&mut self, item: T) -> Step {
        (self.f)(item)
    }
}

super::debug::debug_closures!(Unbounded<F> {; f});

/// Room for one item: full once it has it.
pub(crate) struct Slot<T> {
    pub(crate) item: Option<T>,
}

impl<T> Slot<T> {
    #[inline(always)]
    pub(crate) fn new() -> Self {
        Self { item: None }
    }
}

impl<T> Sealed for Slot<T> {}

impl<T> Emit<T> for Slot<T> {
    const PAUSES: bool = true;

    #[inline(always)]
    fn emit(&mut self, item: T) -> Step {
        if self.item.is_some() {
            emitted_while_full();
        }
        self.item = Some(item);
        ControlFlow::Continue(())
    }

    #[inline(always)]
    fn is_full(&self) -> bool {
        self.item.is_some()
    }

    #[inline(always)]
    fn now(&self) -> Time {
        Time::START
    }
}

#[cold]
#[inline(never)]
fn emitted_while_full() -> ! {
    panic!(
        "rule 1 of the protocol: a stage emitted an item while `out` was full. There is room for one; before each further \
         item of the same call, ask `out.is_full()`, keep the rest in the state, and emit it in `resume` (`out.emit_from` \
         does this for an iterator). If the stage says `Shape::ONE` or `AT_MOST_ONE`, it made more than it says"
    )
}

/// Where nobody is: wants nothing, and is never full.
pub(crate) struct Closed;

impl Sealed for Closed {}

impl<T> Emit<T> for Closed {
    never_full!();

    const CLOSED: bool = true;

    #[inline(always)]
    fn emit(&mut self, _: T) -> Step {
        ControlFlow::Break(Reduced)
    }
}

/// What a stage with pipelines inside hands them: notes that downstream wants no more, which is not the same as the end
/// of the pipeline inside.
impl<E> Sealed for Guarded<&mut E> {}

impl<T, E: Emit<T>> Emit<T> for Guarded<&mut E> {
    const PAUSES: bool = E::PAUSES;
    const CLOSED: bool = E::CLOSED;

    #[inline(always)]
    fn emit(&mut self, item: T) -> Step {
        self.feed(|out| out.emit(item))
    }

    #[inline(always)]
    fn is_full(&self) -> bool {
        !self.reduced && self.state.is_full()
    }

    #[inline(always)]
    fn now(&self) -> Time {
        self.state.now()
    }
}

/// The end of a pipeline that folds: a reducer with its accumulator.
pub(crate) struct Fold<'a, R, A> {
    pub(crate) reducer: &'a R,
    // A reference, so that the flag stays in a register also where the accumulator has to be in memory.
    pub(crate) acc: Guarded<&'a mut A>,
}

impl<R, A> Sealed for Fold<'_, R, A> {}

impl<T, R: Reducer<T>> Emit<T> for Fold<'_, R, R::Acc> {
    never_full!();

    #[inline(always)]
    fn emit(&mut self, item: T) -> Step {
        self.acc.feed(|acc| self.reducer.step(acc, item))
    }
}

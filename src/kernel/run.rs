//! [`RunState`]: how far a run has come; and [`Run`], which gives one output at a time.

use core::{fmt, marker::PhantomData, ops::ControlFlow};

use super::{At, Emit, Guarded, InvalidState, Reduced, SizeHint, Slot, Step, Time, Transducer, call, hint};
#[cfg(feature = "alloc")]
use super::{Snapshot, SnapshotError};

/// The state of a run of a transducer, and how far it has come. It is plain data if the state is.
///
/// For drivers, and for stages with pipelines inside. It keeps rules 5 and 6 of the
/// [protocol](crate::Transducer#the-protocol): the transducer is not stepped after `Break`, and the run is completed
/// once, as soon as it has ended and nothing is left to make. Rule 4 is the caller's: call [`resume`](Self::resume)
/// until `out` is not full, then step or advance. Pass the same recipe `xf` to each method.
///
/// The methods return what *downstream* returned: `Break` if it wants no more. That does **not** mean that the run has
/// ended. A stage around a run must return [`answer`](Self::answer) after each call, or it never ends.
///
/// `out` is what a stage was given. A driver that takes all outputs at once uses [`unbounded`](crate::unbounded). If it
/// has a clock, it passes `out.at(moment)`. If not, it refuses timed transducers by
/// [`Shape::assert_untimed`](crate::Shape::assert_untimed).
///
/// ```
/// use std::ops::ControlFlow;
/// use transducer::{Step, kernel::RunState, prelude::*, unbounded};
///
/// let xf = compose((taking(3), batching(2)));
/// let mut seen = vec![];
/// let mut out = unbounded(|batch: Vec<i32>| -> Step {
///     seen.push(batch);
///     ControlFlow::Continue(())
/// });
/// let mut run = RunState::new(&xf);
/// for item in 1.. {
///     if !run.wants_input() {
///         break;
///     }
///     let _ = run.step(&xf, item, &mut out);
/// }
/// assert_eq!(seen, [vec![1, 2], vec![3]]);
/// ```
#[derive(Clone, Debug)]
pub struct RunState<S> {
    progress: Progress<S>,
}

/// How far a run has come.
#[derive(Clone, Debug)]
enum Progress<S> {
    /// May have items to make.
    Open { state: S, phase: Phase },
    /// Has made everything; what the state still held is dropped.
    Over,
}

/// What an open run waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Takes input.
    Fed,
    /// Wants no more input, and is completed as soon as nothing is left to be made of what it had.
    Ended,
    /// Has been completed, and may have leftovers to make.
    Flushing,
}

impl<S> RunState<S> {
    /// Starts a run of `xf`.
    #[inline]
    pub fn new<In>(xf: &impl Transducer<In, State = S>) -> Self {
        Self::from_state(xf, xf.initial())
    }

    #[inline]
    fn from_state<In>(xf: &impl Transducer<In, State = S>, state: S) -> Self {
        let phase = if xf.is_reduced(&state) { Phase::Ended } else { Phase::Fed };
        Self { progress: Progress::Open { state, phase } }
    }

    /// A run that was set aside with this state, or that is over.
    #[cfg(feature = "alloc")]
    pub(crate) fn resumed<In>(state: Option<S>, xf: &impl Transducer<In, State = S>) -> Self {
        state.map_or(Self { progress: Progress::Over }, |state| Self::from_state(xf, state))
    }

    /// The state, if the run takes more items.
    #[cfg(feature = "alloc")]
    pub(crate) fn into_state(self) -> Option<S> {
        match self.progress {
            Progress::Open { state, phase: Phase::Fed } => Some(state),
            _ => None,
        }
    }

    /// Whether the next item will be stepped through the transducer.
    #[inline]
    pub fn wants_input(&self) -> bool {
        matches!(self.progress, Progress::Open { phase: Phase::Fed, .. })
    }

    /// What a stage around this run returns: `Break` once the run wants no more input.
    #[inline]
    pub fn answer(&self) -> Step {
        if self.wants_input() { ControlFlow::Continue(()) } else { ControlFlow::Break(Reduced) }
    }

    /// Whether the run has been completed and has nothing left to make.
    #[inline]
    pub fn is_over(&self) -> bool {
        matches!(self.progress, Progress::Over)
    }

    /// Steps the transducer with `item` if it wants input, and completes the run if that was its end.
    ///
    /// Call it only if `out` has room for an item and nothing is left to make. An item that the run doesn't want is
    /// dropped, and this does what `resume` does.
    #[inline]
    pub fn step<In, X, E>(&mut self, xf: &X, item: In, out: &mut E) -> Step
    where
        X: Transducer<In, State = S>,
        E: Emit<X::Out>,
    {
        let Progress::Open { state, phase: Phase::Fed } = &mut self.progress else { return self.resume(xf, out) };
        let mut out = Guarded::new(out, false);
        let flow = call::step(xf, state, item, &mut out);
        self.settle(xf, flow, out)
    }

    /// Advances the transducer to the moment `out.now()`, which is its [deadline](Self::deadline), and completes the
    /// run if that was its end.
    ///
    /// Call it only if `out` has room for an item and nothing is left to make. A run that wants no input has no
    /// deadline.
    #[inline]
    pub fn advance<In, X, E>(&mut self, xf: &X, out: &mut E) -> Step
    where
        X: Transducer<In, State = S>,
        E: Emit<X::Out>,
    {
        let Progress::Open { state, phase: Phase::Fed } = &mut self.progress else { return ControlFlow::Continue(()) };
        let mut out = Guarded::new(out, false);
        let flow = call::advance(xf, state, &mut out);
        self.settle(xf, flow, out)
    }

    /// Makes what is left, until `out` is full. If `out` is not full afterwards, nothing is left.
    #[inline]
    pub fn resume<In, X, E>(&mut self, xf: &X, out: &mut E) -> Step
    where
        X: Transducer<In, State = S>,
        E: Emit<X::Out>,
    {
        let Progress::Open { state, .. } = &mut self.progress else { return ControlFlow::Continue(()) };
        let mut out = Guarded::new(out, false);
        let flow = call::resume(xf, state, &mut out);
        self.settle(xf, flow, out)
    }

    /// Ends the input. The run is completed, unless it has been before: at once if nothing is left of the items before,
    /// otherwise by `resume`.
    #[inline]
    pub fn complete<In, X, E>(&mut self, xf: &X, out: &mut E) -> Step
    where
        X: Transducer<In, State = S>,
        E: Emit<X::Out>,
    {
        self.end();
        self.resume(xf, out)
    }

    /// Takes no more input.
    #[inline]
    fn end(&mut self) {
        if let Progress::Open { phase: phase @ Phase::Fed, .. } = &mut self.progress {
            *phase = Phase::Ended;
        }
    }

    /// After a call that was answered by `flow`: ends the run if that was `Break`, and completes it if it has ended and
    /// nothing is left.
    #[inline(always)]
    fn settle<In, X, E>(&mut self, xf: &X, flow: Step, mut out: Guarded<&mut E>) -> Step
    where
        X: Transducer<In, State = S>,
        E: Emit<X::Out>,
    {
        let Progress::Open { state, phase } = &mut self.progress else { return ControlFlow::Continue(()) };
        if out.reduced && *phase == Phase::Fed {
            // Left as it is: the caller is told, and ends it. One that has ended is completed all the same.
            return ControlFlow::Break(Reduced);
        }
        if flow.is_break() && *phase == Phase::Fed {
            *phase = Phase::Ended;
        }
        if *phase == Phase::Fed || out.is_full() {
            return ControlFlow::Continue(());
        }
        if *phase == Phase::Ended {
            *phase = Phase::Flushing;
            let _ = call::complete(xf, state, &mut out);
        }
        if !out.is_full() {
            self.progress = Progress::Over;
        }
        if out.reduced { ControlFlow::Break(Reduced) } else { ControlFlow::Continue(()) }
    }

    /// When the run is to be advanced if no item comes before. Always `None` if the shape is not
    /// [timed](crate::Shape::timed).
    #[inline]
    pub fn deadline<In, X: Transducer<In, State = S>>(&self, xf: &X) -> Option<Time> {
        match &self.progress {
            // Of a box, it would be a call.
            Progress::Open { state, phase: Phase::Fed } if X::SHAPE.is_timed() => xf.deadline(state),
            _ => None,
        }
    }

    /// Whether the run is as at the beginning, and completing it would emit nothing.
    #[inline]
    pub fn is_idle<In>(&self, xf: &impl Transducer<In, State = S>) -> bool {
        matches!(&self.progress, Progress::Open { state, phase: Phase::Fed } if xf.is_idle(state))
    }

    /// How many items the run will still emit, if `input` items come.
    pub fn size_hint<In>(&self, xf: &impl Transducer<In, State = S>, input: SizeHint) -> SizeHint {
        match &self.progress {
            Progress::Open { state, phase: Phase::Fed } => xf.size_hint(state, input),
            Progress::Open { state, .. } => xf.size_hint(state, hint::NOTHING),
            Progress::Over => hint::NOTHING,
        }
    }

    /// Checks a run of `xf` that comes from outside: see [`Transducer::validate`].
    pub fn validate<In>(&mut self, xf: &impl Transducer<In, State = S>) -> Result<(), InvalidState> {
        if let Progress::Open { state, phase } = &mut self.progress {
            xf.validate(state)?;
            if xf.is_reduced(state) {
                *phase = Phase::Ended;
            }
        }
        Ok(())
    }
}

/// A run is written once nothing is left to be made, so that nothing pending is left out.
#[cfg(feature = "serde")]
mod serialized {
    use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::Error};

    use super::{Phase, Progress, RunState};

    #[derive(Serialize, Deserialize)]
    #[serde(rename = "RunState")]
    enum Written<S> {
        Open(S),
        Over,
        Ended(S),
    }

    impl<S: Serialize> Serialize for RunState<S> {
        fn serialize<Z: Serializer>(&self, serializer: Z) -> Result<Z::Ok, Z::Error> {
            match &self.progress {
                Progress::Open { state, phase: Phase::Fed } => Written::Open(state),
                Progress::Open { state, phase: Phase::Ended } => Written::Ended(state),
                Progress::Open { .. } => return Err(Z::Error::custom("outputs are pending")),
                Progress::Over => Written::Over,
            }
            .serialize(serializer)
        }
    }

    impl<'de, S: Deserialize<'de>> Deserialize<'de> for RunState<S> {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let progress = match Written::deserialize(deserializer)? {
                Written::Open(state) => Progress::Open { state, phase: Phase::Fed },
                Written::Ended(state) => Progress::Open { state, phase: Phase::Ended },
                Written::Over => Progress::Over,
            };
            Ok(Self { progress })
        }
    }
}

/// A run of a transducer that gives one output at a time, for drivers that wait between outputs.
///
/// Each method gives an output, or `None` if none is left and the next item may come. A whole driver:
///
/// ```
/// use transducer::{kernel::Run, prelude::*};
///
/// let mut source = ["ab", "cde"].into_iter();
/// let letters = flat_mapping(|word: &'static str| word.chars());
/// let mut run = Run::new(compose((letters, taking(3), batching(2))));
/// let mut seen = vec![];
/// while !run.is_over() {
///     let output = match run.resume() {
///         Some(output) => Some(output),
///         None if !run.wants_input() => None,
///         None => match source.next() {
///             Some(word) => run.step(word),
///             None => run.complete(),
///         },
///     };
///     seen.extend(output);
/// }
/// assert_eq!(seen, [vec!['a', 'b'], vec!['c']]);
/// ```
///
/// For a timed transducer, call [`advance`](Self::advance) before each item, and when its [`deadline`](Self::deadline)
/// has come.
pub struct Run<In, X: Transducer<In>> {
    xf: X,
    run: RunState<X::State>,
    /// Whether an output may be left of the last call.
    left: bool,
    now: Time,
    item: PhantomData<fn(In)>,
}

// Nothing in a run is ever pinned.
impl<In, X: Transducer<In>> Unpin for Run<In, X> {}

impl<In, X: Transducer<In>> Run<In, X> {
    /// Starts a run of `xf`.
    #[inline]
    pub fn new(xf: X) -> Self {
        let run = RunState::new(&xf);
        Self { xf, run, left: false, now: Time::START, item: PhantomData }
    }

    /// Whether the run takes more items.
    #[inline]
    pub fn wants_input(&self) -> bool {
        self.run.wants_input()
    }

    /// Whether the run has been completed and all its outputs have been given.
    #[inline]
    pub fn is_over(&self) -> bool {
        self.run.is_over()
    }

    /// Gives the next output that is left, or `None`. A run that wants no more input is completed here, once nothing
    /// else is left.
    #[inline]
    pub fn resume(&mut self) -> Option<X::Out> {
        let waits = matches!(self.run.progress, Progress::Open { phase: Phase::Ended, .. });
        if !X::SHAPE.resumes() && !waits {
            return None;
        }
        self.call(|run, xf, out| run.resume(xf, out))
    }

    /// Takes an item and gives the first output that follows from it. An item is dropped if the run wants no input.
    ///
    /// - **Panics**: if an output may be left of the item before: call [`resume`](Self::resume) until it gives `None`.
    #[inline]
    pub fn step(&mut self, item: In) -> Option<X::Out> {
        assert!(!self.left, "rule 4 of the protocol: before an item is stepped, `resume` until it gives `None`");
        self.call(|run, xf, out| run.step(xf, item, out))
    }

    /// Ends the input. Gives the first output that is left over.
    #[inline]
    pub fn complete(&mut self) -> Option<X::Out> {
        self.call(|run, xf, out| run.complete(xf, out))
    }

    /// Has the transducer emit into a slot, and gives what is in it.
    #[inline]
    fn call(
        &mut self,
        call: impl FnOnce(&mut RunState<X::State>, &X, &mut At<'_, Slot<X::Out>>) -> Step,
    ) -> Option<X::Out> {
        let mut slot = Slot::new();
        let _ = call(&mut self.run, &self.xf, &mut slot.at(self.now));
        self.left = slot.is_full() && !X::SHAPE.emits_at_most_one();
        slot.item
    }

    /// Takes the next item of `source`, and further ones until there is an output or no more input is wanted; `None`
    /// if no output is left.
    #[inline]
    pub(crate) fn next_from(&mut self, source: &mut impl Iterator<Item = In>) -> Option<X::Out> {
        let Self { xf, run, .. } = self;
        let mut slot = Slot::new();
        if let Progress::Open { state, phase: phase @ Phase::Fed } = &mut run.progress {
            if !X::SHAPE.emits_at_most_one() {
                if call::resume(xf, state, &mut slot).is_break() {
                    *phase = Phase::Ended;
                }
                if slot.is_full() {
                    return slot.item;
                }
            }
            while *phase == Phase::Fed {
                let Some(item) = source.next() else {
                    // Nothing is left to be made of the items before.
                    if X::SHAPE.flushes() {
                        *phase = Phase::Flushing;
                        let _ = call::complete(xf, state, &mut slot);
                    }
                    if !slot.is_full() {
                        run.progress = Progress::Over;
                    }
                    return slot.item;
                };
                if call::step(xf, state, item, &mut slot).is_break() {
                    *phase = Phase::Ended;
                }
                if slot.is_full() {
                    return slot.item;
                }
            }
        }
        let _ = run.resume(xf, &mut slot);
        slot.item
    }

    /// Hands all that is left, and what comes of all items of `source`, to `f`.
    #[inline]
    pub(crate) fn fold_from<B>(
        mut self,
        source: impl Iterator<Item = In>,
        init: B,
        mut f: impl FnMut(B, X::Out) -> B,
    ) -> B {
        let mut acc = Some(init);
        let mut out = super::unbounded(|out| {
            acc = acc.take().map(|acc| f(acc, out));
            ControlFlow::Continue(())
        });
        let Self { xf, run, .. } = &mut self;
        let _ = run.resume(xf, &mut out);
        if let Progress::Open { state, phase: Phase::Fed } = &mut run.progress {
            let _ = call::each(source, |item| call::step(xf, state, item, &mut out));
            let _ = call::complete(xf, state, &mut out);
        }
        acc.expect("`f` gave an accumulator back, or panicked")
    }

    /// When the run is to be advanced, if no item comes before.
    pub fn deadline(&self) -> Option<Time> {
        self.run.deadline(&self.xf)
    }

    /// Tells the run the time: call it before each `step`, and at the [`deadline`](Self::deadline) if no item comes
    /// before.
    ///
    /// It goes through all deadlines up to `moment`, in their order, and gives the next output. Call it again until it
    /// gives `None`. Before the first call the time is [`Time::START`], so call it before the first `step`. A moment
    /// before the last one counts as the last one.
    ///
    /// - **Panics**: if the transducer breaks rule 3 of the [protocol](crate::Transducer#the-protocol): after it was
    ///   advanced, its deadline is still not later.
    pub fn advance(&mut self, moment: Time) -> Option<X::Out> {
        let moment = moment.max(self.now);
        loop {
            if let Some(out) = self.resume() {
                return Some(out);
            }
            let Some(deadline) = self.deadline().filter(|deadline| *deadline <= moment) else {
                self.now = moment;
                return None;
            };
            self.now = self.now.max(deadline);
            if let Some(out) = self.call(|run, xf, out| run.advance(xf, out)) {
                return Some(out);
            }
            assert!(
                self.deadline().is_none_or(|deadline| deadline > self.now),
                "rule 3 of the protocol: after `advance`, the deadline is later than the moment, or none"
            );
        }
    }

    /// How many outputs are still to come, if `input` items are.
    pub fn size_hint(&self, input: SizeHint) -> SizeHint {
        self.run.size_hint(&self.xf, input)
    }

    /// The recipe, and the state of the run if it takes more items.
    pub(crate) fn into_parts(self) -> (X, Option<X::State>) {
        match self.run.progress {
            Progress::Open { state, phase: Phase::Fed } => (self.xf, Some(state)),
            _ => (self.xf, None),
        }
    }

    /// Sets the run aside; [`Snapshot::resume_run`] goes on from it.
    ///
    /// - **Errors**: [`SnapshotError::Pending`] if an output may be left: [`resume`](Self::resume) until it gives
    ///   `None`.
    ///
    /// ```
    /// use transducer::{kernel::Run, prelude::*};
    ///
    /// let mut run = Run::new(repeating(2));
    /// assert_eq!(run.step('a'), Some('a'));
    /// assert!(run.suspend().is_err());
    /// ```
    #[cfg(feature = "alloc")]
    pub fn suspend(self) -> Result<Snapshot<X::State>, SnapshotError> {
        if self.left || !(self.wants_input() || self.is_over()) {
            return Err(SnapshotError::Pending);
        }
        let (xf, state) = self.into_parts();
        Ok(Snapshot::of(&xf, state))
    }

    /// The recipe.
    pub fn transducer(&self) -> &X {
        &self.xf
    }
}

#[cfg(feature = "alloc")]
impl<S> Snapshot<S> {
    /// Goes on with a run that [`Run::suspend`] has set aside, or another driver.
    ///
    /// - **Errors**: as [`resume`](Self::resume).
    ///
    /// ```
    /// use transducer::{kernel::Run, prelude::*};
    ///
    /// let mut run = Run::new(batching(2));
    /// assert_eq!(run.step('a'), None);
    /// let mut run = run.suspend()?.resume_run(batching(2))?;
    /// assert_eq!(run.step('b'), Some(vec!['a', 'b']));
    /// # Ok::<(), transducer::SnapshotError>(())
    /// ```
    pub fn resume_run<In, X: Transducer<In, State = S>>(self, xf: X) -> Result<Run<In, X>, SnapshotError> {
        let run = match self.open(&xf)? {
            Some(state) => RunState::from_state(&xf, state),
            None => RunState { progress: Progress::Over },
        };
        Ok(Run { xf, run, left: false, now: Time::START, item: PhantomData })
    }
}

impl<In, X: Transducer<In, State: Clone> + Clone> Clone for Run<In, X> {
    fn clone(&self) -> Self {
        Self { xf: self.xf.clone(), run: self.run.clone(), left: self.left, now: self.now, item: PhantomData }
    }
}

impl<In, X: Transducer<In> + fmt::Debug> fmt::Debug for Run<In, X> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Run").field("xf", &self.xf).field("wants_input", &self.wants_input()).finish_non_exhaustive()
    }
}

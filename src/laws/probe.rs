//! [`Probe`]: sees how a stage drives the pipeline inside it.

use alloc::{format, rc::Rc};
use core::{cell::Cell, iter, ops::ControlFlow};

use super::{
    Broken, Driver, Law,
    by_hand::Trace,
    expect,
    no_over_make::{ENDLESS, bounded},
    run::drive,
};
use crate::{
    kernel::{Emit, Reduced, Rest, Shape, Step, Transducer, compose},
    stages::root::taking,
};

/// A transducer to put inside a stage of your own that runs a pipeline, to see how it is driven there.
///
/// Emits each item many times, and the last one as often again at the end. [`Laws::probed`](super::Laws::probed) then sees
/// whether the stage makes more of that than is asked for, loses some of it, steps a run that has ended, or doesn't
/// complete one.
///
/// ```
/// use proptest::collection::vec;
/// use transducer::{by_key, laws::{Laws, Probe}};
///
/// let probe = Probe::ending_after(3);
/// Laws::of("by_key", by_key(|x: &u8| x % 2, probe.clone())).probed(&probe).cases(20).check(vec(0u8..9, 0..8));
/// ```
#[derive(Clone, Debug)]
#[must_use = "a probe is put inside a stage, and handed to `Laws::probed`"]
pub struct Probe {
    limit: usize,
    seen: Rc<Seen>,
}

/// What was seen of all runs since the last look.
#[derive(Debug, Default)]
struct Seen {
    begun: Cell<usize>,
    completions: Cell<usize>,
    steps_after_break: Cell<usize>,
    /// How many items were to be made.
    owed: Cell<usize>,
    made: Cell<usize>,
}

/// The state of [`Probe`].
#[derive(Clone, Debug)]
pub struct ProbeState<T> {
    steps: usize,
    last: Option<T>,
    rest: Rest<iter::RepeatN<T>>,
}

impl Probe {
    /// One that takes all items.
    pub fn new() -> Self {
        Self::ending_after(usize::MAX)
    }

    /// One that ends its run after so many items; at the first, if that is 0.
    pub fn ending_after(count: usize) -> Self {
        Self { limit: count, seen: Rc::default() }
    }

    fn emit<T: Clone>(&self, rest: &mut Rest<iter::RepeatN<T>>, item: T, out: &mut impl Emit<T>) -> Step {
        add(&self.seen.owed, ENDLESS);
        rest.emit(iter::repeat_n(item, ENDLESS), &mut self.counted(out))
    }

    /// Counts what is made.
    fn counted<'a, T>(&'a self, out: &'a mut impl Emit<T>) -> impl Emit<T> + 'a {
        out.map(|item| {
            add(&self.seen.made, 1);
            item
        })
    }
}

impl Default for Probe {
    fn default() -> Self {
        Self::new()
    }
}

fn add(cell: &Cell<usize>, count: usize) {
    cell.set(cell.get() + count);
}

impl<T: Clone> Transducer<T> for Probe {
    type Out = T;
    type State = ProbeState<T>;

    const SHAPE: Shape = Shape::ANY;

    fn initial(&self) -> ProbeState<T> {
        add(&self.seen.begun, 1);
        ProbeState { steps: 0, last: None, rest: Rest::new() }
    }

    fn step(&self, state: &mut ProbeState<T>, item: T, out: &mut impl Emit<T>) -> Step {
        if state.steps > 0 && state.steps >= self.limit {
            add(&self.seen.steps_after_break, 1);
        }
        state.steps += 1;
        state.last = Some(item.clone());
        self.emit(&mut state.rest, item, out)?;
        if state.steps >= self.limit { ControlFlow::Break(Reduced) } else { ControlFlow::Continue(()) }
    }

    fn resume(&self, state: &mut ProbeState<T>, out: &mut impl Emit<T>) -> Step {
        state.rest.resume(&mut self.counted(out))
    }

    fn complete(&self, state: &mut ProbeState<T>, out: &mut impl Emit<T>) -> Step {
        add(&self.seen.completions, 1);
        match state.last.take() {
            Some(last) => self.emit(&mut state.rest, last, out),
            None => ControlFlow::Continue(()),
        }
    }
}

/// Looks at the runs of the probe inside `xf`, when `xf` itself is run to the end, cut short, and asked for a few outputs.
pub(super) fn check<In, X>(probe: &Probe, xf: &X, input: &[In]) -> Result<(), Broken>
where
    In: Clone,
    X: Transducer<In>,
{
    let seen = &*probe.seen;
    let begin = || {
        for count in [&seen.begun, &seen.completions, &seen.steps_after_break, &seen.owed, &seen.made] {
            count.set(0);
        }
    };
    let driven_well = |driver| {
        let what = "rule 5 of the protocol: steps of a run inside that had answered `Break`";
        expect(Law::NothingAfterReduced, driver, what, &seen.steps_after_break.get(), &0)?;
        let what = "rule 6 of the protocol: completions of the runs inside";
        expect(Law::CompleteOnce, driver, what, &seen.completions.get(), &seen.begun.get())
    };
    let made_all = |driver| {
        driven_well(driver)?;
        let what = "items made by the runs inside, leftovers included";
        expect(Law::LeftoversFlushed, driver, what, &seen.made.get(), &seen.owed.get())
    };

    begin();
    let outputs = Trace::of(xf, input)?.outputs.len();
    made_all(Driver::Stepped)?;
    for &driver in Driver::STOPPABLE {
        begin();
        drive(driver, xf, input, usize::MAX);
        made_all(driver)?;
        for wanted in [1, 2, ENDLESS + 1, outputs].into_iter().filter(|&wanted| wanted <= outputs) {
            begin();
            drive(driver, &compose((xf, taking(wanted))), input, usize::MAX);
            driven_well(driver)?;
            begin();
            drive(driver, xf, input, wanted);
            bounded(driver, seen.made.get(), wanted, &format!("items made inside for {wanted} outputs"))?;
        }
    }
    Ok(())
}

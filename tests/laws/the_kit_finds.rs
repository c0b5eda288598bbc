//! For each law, a stage that breaks it.

use std::{
    cell::Cell,
    collections::VecDeque,
    fmt::Debug,
    ops::ControlFlow,
    panic::{AssertUnwindSafe, catch_unwind},
    rc::Rc,
    time::Duration,
};

use proptest::collection::vec;
use transducer::{
    laws::{CombineLaws, Laws, Probe, TimeLaws},
    *,
};

/// What the kit says of a transducer that breaks a law.
fn verdict<X: Transducer<u8, Out: Clone + PartialEq + Debug, State: Clone>>(xf: X) -> String {
    said(Laws::of("it", xf).resuming())
}

/// What the kit says, having been asked to look at more than it does by itself.
fn said<X: Transducer<u8, Out: Clone + PartialEq + Debug>>(laws: Laws<u8, X>) -> String {
    let outcome = catch_unwind(AssertUnwindSafe(|| laws.check(vec(0u8..9, 0..6))));
    *outcome.expect_err("a law is broken").downcast::<String>().expect("a message")
}

/// Asserts that `said` has these words in it.
#[track_caller]
fn assert_says(said: &str, words: &[&str]) {
    for word in words {
        assert!(said.contains(word), "{word:?} is not in what the kit says: {said}");
    }
}

/// A stage made of closures over what it needs to break a law.
struct Made<S> {
    step: fn(&Cell<u8>, u8) -> Option<u8>,
    hint: SizeHint,
    state: S,
}

impl Transducer<u8> for Made<Cell<u8>> {
    type Out = u8;
    type State = ();

    fn initial(&self) {}

    fn step(&self, _: &mut (), item: u8, out: &mut impl Emit<u8>) -> Step {
        (self.step)(&self.state, item).map_or(ControlFlow::Continue(()), |item| out.emit(item))
    }

    fn size_hint(&self, _: &(), _: SizeHint) -> SizeHint {
        self.hint
    }
}

#[test]
pub(super) fn state_that_leaks_from_one_run_into_the_next() {
    let count = |state: &Cell<u8>, _| {
        state.set(state.get().wrapping_add(1));
        Some(state.get())
    };
    let said = verdict(Made { step: count, hint: (0, None), state: Cell::new(0) });
    assert_says(&said, &["it breaks the law «runs are independent» under stepping by hand", "smallest input: [0]"]);
}

#[test]
pub(super) fn a_size_hint_that_lies() {
    let said = verdict(Made { step: |_, item| Some(item), hint: (0, Some(2)), state: Cell::new(0) });
    assert_says(&said, &["«size_hint never lies» under the lazy driver", "smallest input: [0, 0, 0]"]);
}

/// Passes items on and says of their number whatever it is told to.
struct Says(SizeHint);

impl Transducer<u8> for Says {
    type Out = u8;
    type State = ();

    const SHAPE: Shape = Shape::ONE;

    fn initial(&self) {}

    fn step(&self, _: &mut (), item: u8, out: &mut impl Emit<u8>) -> Step {
        out.emit(item)
    }

    fn size_hint(&self, _: &(), _: SizeHint) -> SizeHint {
        self.0
    }
}

#[test]
pub(super) fn a_size_hint_that_says_anything() {
    Laws::of("it", Says((0, None))).check(vec(0u8..9, 0..6));
    assert_says(&said(Laws::of("it", Says((0, None))).tight()), &["«size_hint is tight»", "to be exact"]);
    assert_says(&said(Laws::of("it", Says((0, None))).bounded()), &["«size_hint is tight»", "to have an upper bound"]);
    let wide = Says((0, Some(100)));
    assert_says(&said(Laws::of("it", wide).bounded()), &["«size_hint is tight»", "than there are inputs left"]);
}

#[test]
pub(super) fn a_stage_that_is_not_like_its_equivalent() {
    let evens = filtering(|x: &u8| x.is_multiple_of(2));
    let said = said(Laws::of("it", evens).like(|input| input.into_iter().filter(|x| x % 3 == 0).collect()));
    assert_says(&said, &["«drivers agree» under stepping by hand", "equivalent", "smallest input: [2]"]);
}

/// Emits other items once the run has been asked how many there will be, which only some drivers do.
struct Moody;

impl Transducer<u8> for Moody {
    type Out = u8;
    type State = Cell<bool>;

    fn initial(&self) -> Cell<bool> {
        Cell::new(false)
    }

    fn step(&self, asked: &mut Cell<bool>, item: u8, out: &mut impl Emit<u8>) -> Step {
        out.emit(item + u8::from(asked.get()))
    }

    fn size_hint(&self, asked: &Cell<bool>, _: SizeHint) -> SizeHint {
        asked.set(true);
        (0, None)
    }
}

#[test]
pub(super) fn a_stage_that_is_not_the_same_under_every_driver() {
    assert_says(&verdict(Moody), &["«drivers agree» under the lazy driver's collect", "[0, 1], expected [0, 0]"]);
}

/// Emits two items; takes a third once the run has been asked how many outputs there will be.
struct Greedy;

impl Transducer<u8> for Greedy {
    type Out = u8;
    type State = (u8, Cell<bool>);

    fn initial(&self) -> Self::State {
        (0, Cell::new(false))
    }

    fn step(&self, (taken, asked): &mut Self::State, item: u8, out: &mut impl Emit<u8>) -> Step {
        *taken += 1;
        if *taken <= 2 {
            out.emit(item)?;
        }
        if *taken >= 2 + u8::from(asked.get()) { ControlFlow::Break(Reduced) } else { ControlFlow::Continue(()) }
    }

    fn size_hint(&self, (_, asked): &Self::State, _: SizeHint) -> SizeHint {
        asked.set(true);
        (0, None)
    }
}

#[test]
pub(super) fn a_stage_that_takes_more_than_it_needs() {
    let said = verdict(Greedy);
    assert_says(&said, &["«no over-pull» under the lazy driver's collect", "inputs taken: 3, expected 2"]);
}

/// Claims to be one to one, and drops what is odd.
#[derive(Debug)]
struct NotOneToOne;

impl Transducer<u8> for NotOneToOne {
    type Out = u8;
    type State = ();

    const SHAPE: Shape = Shape::ONE;

    fn initial(&self) {}

    fn step(&self, _: &mut (), item: u8, out: &mut impl Emit<u8>) -> Step {
        if item.is_multiple_of(2) { out.emit(item) } else { ControlFlow::Continue(()) }
    }
}

#[test]
pub(super) fn a_one_to_one_that_lies() {
    assert_says(&verdict(NotOneToOne), &["«SHAPE never lies»", "rule 3", "exactly one item"]);
}

/// Claims to emit no more than one item a step, and emits all twice.
struct NotAtMostOne;

impl Transducer<u8> for NotAtMostOne {
    type Out = u8;
    type State = ();

    const SHAPE: Shape = Shape::AT_MOST_ONE;

    fn initial(&self) {}

    fn step(&self, _: &mut (), item: u8, out: &mut impl Emit<u8>) -> Step {
        out.emit(item)?;
        out.emit(item)
    }
}

#[test]
pub(super) fn an_at_most_one_that_emits_two() {
    assert_says(&verdict(NotAtMostOne), &["«SHAPE never lies»", "rule 3", "at most one item", "smallest input: [0]"]);
}

/// Holds an item back until the next has come, and forgets to flush it.
struct Forgetful;

impl Transducer<u8> for Forgetful {
    type Out = u8;
    type State = Option<u8>;

    fn initial(&self) -> Option<u8> {
        None
    }

    fn step(&self, held: &mut Option<u8>, item: u8, out: &mut impl Emit<u8>) -> Step {
        held.replace(item).map_or(ControlFlow::Continue(()), |item| out.emit(item))
    }
}

#[test]
pub(super) fn a_leftover_that_is_not_flushed() {
    assert_says(&said(Laws::of("it", Forgetful).like(|input| input)), &["equivalent: [], expected [0]"]);
}

/// Claims to leave nothing over, and emits at the end.
struct NotFlushing;

impl Transducer<u8> for NotFlushing {
    type Out = u8;
    type State = ();

    const SHAPE: Shape = Shape::AT_MOST_ONE;

    fn initial(&self) {}

    fn step(&self, _: &mut (), item: u8, out: &mut impl Emit<u8>) -> Step {
        out.emit(item)
    }

    fn complete(&self, _: &mut (), out: &mut impl Emit<u8>) -> Step {
        out.emit(0)
    }
}

#[test]
pub(super) fn a_flush_that_the_shape_rules_out() {
    let said = verdict(NotFlushing);
    assert_says(&said, &["«SHAPE never lies»", "rule 3", "`complete` emits nothing", "smallest input: []"]);
}

/// Claims to leave the run open, and ends it.
struct Ending;

impl Transducer<u8> for Ending {
    type Out = u8;
    type State = ();

    const SHAPE: Shape = Shape::ONE;

    fn initial(&self) {}

    fn step(&self, _: &mut (), item: u8, out: &mut impl Emit<u8>) -> Step {
        out.emit(item)?;
        ControlFlow::Break(Reduced)
    }
}

#[test]
pub(super) fn an_end_that_the_shape_rules_out() {
    assert_says(&verdict(Ending), &["«SHAPE never lies»", "rule 3", "no step ends the run", "smallest input: [0]"]);
}

/// Claims to have no deadlines, and has one.
struct Hurried;

impl Transducer<u8> for Hurried {
    type Out = u8;
    type State = ();

    fn initial(&self) {}

    fn step(&self, _: &mut (), item: u8, out: &mut impl Emit<u8>) -> Step {
        out.emit(item)
    }

    fn deadline(&self, _: &()) -> Option<Time> {
        Some(Time::END)
    }
}

#[test]
pub(super) fn a_deadline_that_the_shape_rules_out() {
    assert_says(&verdict(Hurried), &["«SHAPE never lies»", "rule 3", "no deadlines"]);
}

/// Says of the type that it emits one item, and of itself that it emits many.
struct Modest;

impl Transducer<u8> for Modest {
    type Out = u8;
    type State = ();

    const SHAPE: Shape = Shape::ONE;

    fn initial(&self) {}

    fn step(&self, _: &mut (), item: u8, out: &mut impl Emit<u8>) -> Step {
        out.emit(item)
    }

    fn shape(&self) -> Shape {
        Shape::ANY
    }
}

#[test]
pub(super) fn a_shape_that_promises_less_than_that_of_the_type() {
    assert_says(&verdict(Modest), &["«SHAPE never lies»", "promises less"]);
}

/// Emits each item twice at once, whether there is room or not.
struct Overfull;

impl Transducer<u8> for Overfull {
    type Out = u8;
    type State = ();

    fn initial(&self) {}

    fn step(&self, _: &mut (), item: u8, out: &mut impl Emit<u8>) -> Step {
        out.emit(item)?;
        out.emit(item)
    }
}

#[test]
pub(super) fn an_item_emitted_while_there_is_no_room() {
    assert_says(&verdict(Overfull), &["«room for one»", "rule 1", "`step` emitted an item while `out` was full"]);
}

/// Emits each item twice, as there is room, and does with the second what `left` says.
struct Twice {
    left: Left,
}

#[derive(Clone, Copy, PartialEq)]
enum Left {
    /// Forgets it, if there is no room.
    Lost,
    /// Keeps it for later, even if there is room.
    Late,
    /// Keeps it where a clone of the state shares it.
    Shared,
    /// Emits it again and again.
    Endless,
}

impl Transducer<u8> for Twice {
    type Out = u8;
    type State = Rc<Cell<Option<u8>>>;

    fn initial(&self) -> Self::State {
        Rc::default()
    }

    fn step(&self, rest: &mut Self::State, item: u8, out: &mut impl Emit<u8>) -> Step {
        out.emit(item)?;
        match self.left {
            Left::Lost if out.is_full() => ControlFlow::Continue(()),
            Left::Shared | Left::Endless if out.is_full() => {
                rest.set(Some(item));
                ControlFlow::Continue(())
            }
            Left::Late => {
                rest.set(Some(item));
                ControlFlow::Continue(())
            }
            _ => out.emit(item),
        }
    }

    fn resume(&self, rest: &mut Self::State, out: &mut impl Emit<u8>) -> Step {
        let item = if self.left == Left::Endless { rest.get() } else { rest.take() };
        item.map_or(ControlFlow::Continue(()), |item| out.emit(item))
    }
}

#[test]
pub(super) fn an_item_left_again_and_again() {
    assert_says(&verdict(Twice { left: Left::Endless }), &["«room for one»", "[0, 0, 0], expected [0, 0]"]);
}

#[test]
pub(super) fn an_item_lost_where_there_is_no_room() {
    assert_says(&verdict(Twice { left: Left::Lost }), &["«room for one»", "with room for [1]", "[0], expected [0, 0]"]);
}

#[test]
pub(super) fn an_item_left_where_there_is_room() {
    assert_says(&verdict(Twice { left: Left::Late }), &["«room for one»", "rule 1", "`out` was not full, and yet"]);
}

#[test]
pub(super) fn a_state_whose_clone_shares_what_is_left() {
    let said = verdict(Twice { left: Left::Shared });
    assert_says(&said, &["«a cloned state resumes»", "resumed after 1 outputs", "smallest input: [0]"]);
}

/// Swallows what comes after downstream has had enough, instead of ending.
struct Deaf;

impl Transducer<u8> for Deaf {
    type Out = u8;
    type State = ();

    fn initial(&self) {}

    fn step(&self, _: &mut (), item: u8, out: &mut impl Emit<u8>) -> Step {
        let _ = out.emit(item);
        ControlFlow::Continue(())
    }
}

#[test]
pub(super) fn a_stage_that_does_not_pass_break_on() {
    assert_says(&verdict(Deaf), &["«nothing after Reduced»", "rule 2", "didn't pass the `Break` on"]);
}

/// Emits each item twice, also when the first has been answered `Break`.
struct Unstoppable;

impl Transducer<u8> for Unstoppable {
    type Out = u8;
    type State = Option<u8>;

    fn initial(&self) -> Option<u8> {
        None
    }

    fn step(&self, rest: &mut Option<u8>, item: u8, out: &mut impl Emit<u8>) -> Step {
        let _ = out.emit(item);
        *rest = Some(item);
        if out.is_full() { ControlFlow::Continue(()) } else { self.resume(rest, out) }
    }

    fn resume(&self, rest: &mut Option<u8>, out: &mut impl Emit<u8>) -> Step {
        rest.take().map_or(ControlFlow::Continue(()), |item| out.emit(item))
    }
}

#[test]
pub(super) fn a_stage_that_goes_on_after_break() {
    assert_says(&verdict(Unstoppable), &["«nothing after Reduced»", "rule 2", "`step` went on emitting"]);
}

#[test]
pub(super) fn a_composition_that_ends_though_a_stage_does_not_pass_break_on() {
    let deaf = compose((Deaf, taking(2)));
    Laws::of("deaf, taking(2)", deaf).like(|input| input.into_iter().take(2).collect()).check(vec(0u8..9, 0..6));
}

/// Runs a pipeline inside, and has a fault.
struct Around<X> {
    inner: X,
    fault: Fault,
}

#[derive(Clone, Copy, PartialEq)]
enum Fault {
    /// Makes all that there is to be made, and keeps it in a queue.
    Hoards,
    /// Steps the inner run once more at the end.
    Insists,
    /// Doesn't complete the inner run.
    Forgets,
    /// Completes the inner run, and drops what that leaves over.
    Spills,
}

struct AroundState<S> {
    inner: S,
    queue: VecDeque<u8>,
    last: Option<u8>,
}

/// Takes everything, at once.
fn into(queue: &mut VecDeque<u8>) -> impl Emit<u8> {
    unbounded(|item| {
        queue.push_back(item);
        ControlFlow::Continue(())
    })
}

fn drained(queue: &mut VecDeque<u8>) -> impl Iterator<Item = u8> {
    std::iter::from_fn(|| queue.pop_front())
}

impl<X: Transducer<u8, Out = u8>> Transducer<u8> for Around<X> {
    type Out = u8;
    type State = AroundState<X::State>;

    fn initial(&self) -> Self::State {
        AroundState { inner: self.inner.initial(), queue: VecDeque::new(), last: None }
    }

    fn step(&self, state: &mut Self::State, item: u8, out: &mut impl Emit<u8>) -> Step {
        state.last = Some(item);
        if self.fault != Fault::Hoards {
            return self.inner.step(&mut state.inner, item, out);
        }
        let flow = self.inner.step(&mut state.inner, item, &mut into(&mut state.queue));
        out.emit_from(&mut drained(&mut state.queue))?;
        flow
    }

    fn resume(&self, state: &mut Self::State, out: &mut impl Emit<u8>) -> Step {
        out.emit_from(&mut drained(&mut state.queue))?;
        if out.is_full() { ControlFlow::Continue(()) } else { self.inner.resume(&mut state.inner, out) }
    }

    fn complete(&self, state: &mut Self::State, out: &mut impl Emit<u8>) -> Step {
        let AroundState { inner, queue, last } = state;
        let mut nobody = unbounded(|_| ControlFlow::Break(Reduced));
        match self.fault {
            Fault::Hoards => {
                let _ = self.inner.complete(inner, &mut into(queue));
                out.emit_from(&mut drained(queue)).map_continue(|_| ())
            }
            Fault::Insists => {
                if let Some(again) = *last {
                    let _ = self.inner.step(inner, again, &mut nobody);
                }
                self.inner.complete(inner, out)
            }
            Fault::Forgets => ControlFlow::Continue(()),
            Fault::Spills => self.inner.complete(inner, &mut nobody),
        }
    }
}

/// What the kit says of a stage with this fault around a probe that ends its run after so many items.
fn verdict_around(fault: Fault, limit: usize) -> String {
    let probe = Probe::ending_after(limit);
    said(Laws::of("it", Around { inner: probe.clone(), fault }).probed(&probe))
}

#[test]
pub(super) fn a_stage_that_makes_all_at_once_inside() {
    let said = verdict_around(Fault::Hoards, 3);
    assert_says(&said, &["«no over-make» under ", "items made inside for 1 outputs: 16", "input: [0]"]);
}

#[test]
pub(super) fn a_stage_that_steps_a_run_inside_after_its_end() {
    let said = verdict_around(Fault::Insists, 1);
    assert_says(&said, &["«nothing after Reduced»", "rule 5", "smallest input: [0]"]);
}

#[test]
pub(super) fn a_stage_that_does_not_complete_a_run_inside() {
    assert_says(&verdict_around(Fault::Forgets, 3), &["«complete once»", "rule 6", "0, expected 1"]);
}

#[test]
pub(super) fn a_stage_that_drops_the_leftovers_of_a_run_inside() {
    assert_says(&verdict_around(Fault::Spills, 3), &["«leftovers are flushed»", "smallest input: [0]"]);
}

/// Emits nothing into an `out` that turns it into something else, as a wrapper's does.
struct Shy;

impl Transducer<u8> for Shy {
    type Out = u8;
    type State = ();

    fn initial(&self) {}

    fn step(&self, _: &mut (), item: u8, out: &mut impl Emit<u8>) -> Step {
        if std::any::type_name_of_val(out).contains("Mapped") { ControlFlow::Continue(()) } else { out.emit(item) }
    }
}

#[test]
pub(super) fn a_stage_that_does_otherwise_inside_a_wrapper() {
    assert_says(&verdict(Shy), &["«wrappers agree»", "inside "]);
}

/// Swallows the panics of what is downstream.
struct Stoic;

impl Transducer<u8> for Stoic {
    type Out = u8;
    type State = ();

    fn initial(&self) {}

    fn step(&self, _: &mut (), item: u8, out: &mut impl Emit<u8>) -> Step {
        catch_unwind(AssertUnwindSafe(|| out.emit(item))).unwrap_or(ControlFlow::Continue(()))
    }
}

#[test]
pub(super) fn a_stage_that_swallows_panics() {
    assert_says(&verdict(Stoic), &["«panics poison one run only»", "whether the panic came through"]);
}

/// Adds what is odd, and takes away what is even, by the number of items so far.
struct Alternating;

impl Reducer<u8> for Alternating {
    type Acc = (i32, usize);
    type Output = i32;

    fn initial(&self) -> Self::Acc {
        (0, 0)
    }

    fn step(&self, (sum, count): &mut Self::Acc, item: u8) -> Step {
        *sum += if count.is_multiple_of(2) { i32::from(item) } else { -i32::from(item) };
        *count += 1;
        ControlFlow::Continue(())
    }

    fn complete(&self, (sum, _): Self::Acc) -> i32 {
        sum
    }
}

impl Combine<u8> for Alternating {
    fn combine(&self, acc: &mut Self::Acc, later: Self::Acc) -> Step {
        acc.0 += later.0;
        acc.1 += later.1;
        ControlFlow::Continue(())
    }
}

/// Ends at a 5, and doesn't tell of a later piece's end.
struct UntilFive<const TELLS: bool>;

impl<const TELLS: bool> Reducer<u8> for UntilFive<TELLS> {
    type Acc = (u32, bool);
    type Output = u32;

    fn initial(&self) -> Self::Acc {
        (0, false)
    }

    fn step(&self, (sum, ended): &mut Self::Acc, item: u8) -> Step {
        *sum += u32::from(item);
        *ended = item == 5;
        if *ended { ControlFlow::Break(Reduced) } else { ControlFlow::Continue(()) }
    }

    fn complete(&self, (sum, _): Self::Acc) -> u32 {
        sum
    }

    fn is_reduced(&self, acc: &Self::Acc) -> bool {
        acc.1
    }
}

impl<const TELLS: bool> Combine<u8> for UntilFive<TELLS> {
    const ENDING: transducer::Ending = if TELLS { transducer::Ending::All } else { transducer::Ending::Later };

    fn combine(&self, acc: &mut Self::Acc, later: Self::Acc) -> Step {
        *acc = (acc.0 + later.0, later.1);
        if TELLS && later.1 { ControlFlow::Break(Reduced) } else { ControlFlow::Continue(()) }
    }
}

/// What the kit says of a reducer.
fn of_reducer<R: Combine<u8, Output: PartialEq + Debug>>(reducer: R) -> String {
    let outcome =
        catch_unwind(AssertUnwindSafe(|| CombineLaws::of("it", reducer).cases(2_000).check(vec(0u8..9, 0..12))));
    *outcome.expect_err("the law is broken").downcast::<String>().expect("a message")
}

#[test]
pub(super) fn a_reducer_whose_combination_is_not_associative() {
    let law = "it breaks the law «combine is associative»";
    assert_says(&of_reducer(Alternating), &[law, "output: ", "expected ", "for the pieces ", "smallest input: ["]);
    assert_says(&of_reducer(UntilFive::<false>), &[law, "`combine` does not return `Break`", "smallest input: ["]);
    // It says that an end decides the output, but what came before it counts.
    assert_says(&of_reducer(UntilFive::<true>), &[law, "output: ", "smallest input: ["]);
    // A sum that is cut elsewhere is another float.
    let sum = mapping(|x: u8| if x == 8 { 1e17 } else { f64::from(x) }).apply(summing::<f64>());
    assert_says(&of_reducer(sum), &[law, "output: "]);
}

/// Emits an item again when some time has passed, by a clock of its own if it has one.
struct Echo {
    /// Whether it forgets what it has emitted.
    forgets: bool,
    clock: Option<Cell<u8>>,
    /// Whether it says that it is idle while it waits.
    is_impatient: bool,
}

impl Transducer<u8> for Echo {
    type Out = u8;
    type State = Option<(Time, u8)>;

    const SHAPE: Shape = Shape::AT_MOST_ONE.timed();

    fn initial(&self) -> Self::State {
        None
    }

    fn step(&self, echo: &mut Self::State, item: u8, out: &mut impl Emit<u8>) -> Step {
        let now = match &self.clock {
            // It ticks whenever it is looked at.
            Some(clock) => Time::from_nanos(clock.replace(clock.get().wrapping_add(1)).into()),
            None => out.now(),
        };
        *echo = now.checked_add(Duration::from_nanos(5)).map(|due| (due, item));
        ControlFlow::Continue(())
    }

    fn deadline(&self, echo: &Self::State) -> Option<Time> {
        echo.map(|(due, _)| due)
    }

    fn advance(&self, echo: &mut Self::State, out: &mut impl Emit<u8>) -> Step {
        let emitted = if self.forgets { echo.take() } else { *echo };
        emitted.map_or(ControlFlow::Continue(()), |(_, item)| out.emit(item))
    }

    fn is_idle(&self, echo: &Self::State) -> bool {
        self.is_impatient || echo.is_none()
    }
}

/// What the kit says of a stage that waits.
fn of_timed<X: Transducer<u8, Out: PartialEq + Debug>>(xf: X) -> String {
    let laws = TimeLaws::of("it", xf, Duration::from_nanos(4));
    let outcome = catch_unwind(AssertUnwindSafe(|| laws.check(0u8..9)));
    *outcome.expect_err("the law is broken").downcast::<String>().expect("a message")
}

#[test]
pub(super) fn a_stage_that_stays_due_has_a_clock_of_its_own_or_is_idle_while_it_waits() {
    let law = "it breaks the law «time is data»";
    let stays_due = of_timed(Echo { forgets: false, clock: None, is_impatient: false });
    assert_says(&stays_due, &[law, "under stepping by hand: rule 3 of the protocol", "for the items [(Time("]);
    let looks = of_timed(Echo { forgets: true, clock: Some(Cell::new(0)), is_impatient: false });
    assert_says(&looks, &[law, "told at the items only: [", "expected ["]);
    let forgotten = of_timed(Echo { forgets: true, clock: None, is_impatient: true });
    assert_says(&forgotten, &[law, "begun anew wherever it was idle: [", "expected ["]);
    // With none of this it is a stage like others.
    TimeLaws::of("an echo", Echo { forgets: true, clock: None, is_impatient: false }, Duration::from_nanos(4))
        .check(0u8..9);
}

//! Time: a stage that waits, run with moments by [`Run`], alone and inside of everything, against plain loops over moments.

use std::{fmt::Debug, ops::ControlFlow, sync::Arc, time::Duration};

use proptest::{collection::vec, prelude::*};
use transducer::{
    kernel::{Compose, Run, RunState},
    *,
};

/// Emits an item once so many nanoseconds have passed without another one; at the end, what still waits.
#[derive(Clone, Copy, Debug)]
struct Debouncing {
    wait: u64,
}

fn debouncing(wait: u64) -> Debouncing {
    Debouncing { wait }
}

/// What waits, and until when.
#[derive(Clone, Debug)]
struct Waiting<T> {
    item: T,
    due: Option<Time>,
}

impl<In> Transducer<In> for Debouncing {
    type Out = In;
    type State = Option<Waiting<In>>;

    const SHAPE: Shape = Shape::AT_MOST_ONE.flushing().timed();

    fn initial(&self) -> Self::State {
        None
    }

    fn step(&self, state: &mut Self::State, item: In, out: &mut impl Emit<In>) -> Step {
        *state = Some(Waiting { item, due: out.now().checked_add(Duration::from_nanos(self.wait)) });
        ControlFlow::Continue(())
    }

    fn complete(&self, state: &mut Self::State, out: &mut impl Emit<In>) -> Step {
        state.take().map_or(ControlFlow::Continue(()), |waiting| out.emit(waiting.item))
    }

    fn deadline(&self, state: &Self::State) -> Option<Time> {
        state.as_ref()?.due
    }

    fn advance(&self, state: &mut Self::State, out: &mut impl Emit<In>) -> Step {
        self.complete(state, out)
    }

    fn is_idle(&self, state: &Self::State) -> bool {
        state.is_none()
    }
}

/// Emits each item with the moment at which it comes.
struct Stamping;

impl<In> Transducer<In> for Stamping {
    type Out = (i128, In);
    type State = ();

    const SHAPE: Shape = Shape::ONE;

    fn initial(&self) {}

    fn step(&self, (): &mut (), item: In, out: &mut impl Emit<Self::Out>) -> Step {
        let now = out.now();
        out.emit((now.as_nanos(), item))
    }
}

/// Items, each with its moment.
type Events<T> = Vec<(i128, T)>;

/// When a run is told the time, apart from an item's moment just before the item.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Told {
    /// At each deadline.
    Punctually,
    /// Not at all.
    Late,
    /// At every moment there is.
    Restlessly,
}

/// A run that is told the time, and what has come out of it.
struct Live<X: Transducer<u8>> {
    run: Run<u8, Compose<X, Stamping>>,
    outputs: Events<X::Out>,
    told: Told,
    now: i128,
}

impl<X: Transducer<u8>> Live<X> {
    fn advance(&mut self, moment: i128) {
        let idle = self.run.deadline().is_none_or(|deadline| deadline.as_nanos() > moment);
        let before = (self.run.deadline(), self.outputs.len());
        while let Some(out) = self.run.advance(Time::from_nanos(moment)) {
            self.outputs.push(out);
        }
        let after = self.run.deadline();
        assert!(after.is_none_or(|deadline| deadline.as_nanos() > moment), "{after:?} is past at {moment}");
        if idle {
            assert_eq!((after, self.outputs.len()), before, "nothing was due at {moment}");
        }
    }

    fn advance_to(&mut self, moment: i128) {
        match self.told {
            Told::Punctually => {
                while let Some(deadline) = self.run.deadline().filter(|deadline| deadline.as_nanos() < moment) {
                    self.advance(deadline.as_nanos());
                }
            }
            Told::Late => {}
            Told::Restlessly => (self.now..moment).for_each(|moment| self.advance(moment)),
        }
        self.advance(moment);
        self.now = moment;
    }
}

/// What comes out of a run with these events, that ends at a moment.
fn outputs_of<X: Transducer<u8>>(xf: X, events: &Events<u8>, end: i128, told: Told) -> Events<X::Out> {
    let mut live = Live { run: Run::new(compose((xf, Stamping))), outputs: vec![], told, now: 0 };
    for (moment, item) in events {
        live.advance_to(*moment);
        let mut output = live.run.step(*item);
        while let Some(out) = output {
            live.outputs.push(out);
            output = live.run.resume();
        }
    }
    live.advance_to(end);
    let mut output = live.run.complete();
    while let Some(out) = output {
        live.outputs.push(out);
        output = live.run.resume();
    }
    assert!(live.run.is_over() && live.run.deadline().is_none());
    live.outputs
}

/// What comes out of it however the time is told, which is in the order of moments.
fn outputs<X: Transducer<u8, Out: Debug + PartialEq>>(xf: X, events: &Events<u8>, end: i128) -> Events<X::Out> {
    let punctual = outputs_of(&xf, events, end, Told::Punctually);
    assert!(punctual.is_sorted_by_key(|(moment, _)| *moment), "{punctual:?}");
    for told in [Told::Late, Told::Restlessly] {
        assert_eq!(outputs_of(&xf, events, end, told), punctual, "told {told:?}, of {events:?}");
    }
    punctual
}

/// What debouncing should make of events.
fn debounced<T: Clone>(events: &Events<T>, wait: u64, end: i128) -> Events<T> {
    let next = events.iter().skip(1).map(|(moment, _)| Some(*moment)).chain([None]);
    let outputs = events.iter().zip(next).filter_map(|((moment, item), next)| {
        let due = moment + i128::from(wait);
        // One that is due when the next comes is not replaced by it; at the end, none is.
        (next.is_none_or(|next| due <= next)).then(|| (due.min(end), item.clone()))
    });
    outputs.collect()
}

/// What a stage without time should make of events: the items that each makes, at its moment.
fn mapped<T, U, I: IntoIterator<Item = U>>(events: Events<T>, f: impl Fn(T) -> I) -> Events<U> {
    events.into_iter().flat_map(|(moment, item)| f(item).into_iter().map(move |out| (moment, out))).collect()
}

/// What `batching(2)` should make of events.
fn batched<T: Clone>(events: &Events<T>, end: i128) -> Events<Vec<T>> {
    let items = |events: &[(i128, T)]| events.iter().map(|(_, item)| item.clone()).collect();
    events.chunks(2).map(|pair| (pair.get(1).map_or(end, |(moment, _)| *moment), items(pair))).collect()
}

/// What debouncing by key should make of events: of those due at one moment, the run that began first comes first.
fn debounced_by_key(events: &Events<u8>, wait: u64, end: i128) -> Events<(u8, u8)> {
    // In the order in which they began.
    let mut waiting: Vec<(i128, u8, u8)> = vec![];
    let mut outputs = vec![];
    let mut flush = |waiting: &mut Vec<(i128, u8, u8)>, until: i128, now: Option<i128>| {
        let (mut due, rest): (Vec<_>, Vec<_>) = waiting.iter().copied().partition(|(due, ..)| *due <= until);
        due.sort_by_key(|(due, ..)| *due);
        outputs.extend(due.into_iter().map(|(due, key, item)| (now.unwrap_or(due), (key, item))));
        *waiting = rest;
    };
    for (moment, item) in events {
        flush(&mut waiting, *moment, None);
        let (key, due) = (item % 3, moment + i128::from(wait));
        match waiting.iter_mut().find(|(_, other, _)| *other == key) {
            Some(run) => *run = (due, key, *item),
            None => waiting.push((due, key, *item)),
        }
    }
    flush(&mut waiting, end, None);
    flush(&mut waiting, i128::MAX, Some(end));
    outputs
}

/// The outputs of one branch or key.
fn only<T: Clone>(outputs: &Events<(u8, T)>, which: u8) -> Events<T> {
    let of_it = outputs.iter().filter(|(_, (key, _))| *key == which);
    of_it.map(|(moment, (_, item))| (*moment, item.clone())).collect()
}

fn countdown(item: u8) -> impl Iterator<Item = u8> + Clone {
    (0..item % 4).rev()
}

/// Items with moments, and the moment of the end.
fn events() -> impl Strategy<Value = (Events<u8>, i128)> {
    (vec((0..6i128, 0..9u8), 0..12), 0..8i128).prop_map(|(gaps, rest)| {
        let mut now = 0;
        let events: Events<u8> = gaps
            .into_iter()
            .map(|(gap, item)| {
                now += gap;
                (now, item)
            })
            .collect();
        (events, now + rest)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_timed_stage_by_itself_and_in_wrappers((events, end) in events(), wait in 1..6u64) {
        let expected = debounced(&events, wait, end);
        let xf = debouncing(wait);
        prop_assert_eq!(&outputs(xf, &events, end), &expected);
        prop_assert_eq!(&outputs(&&xf, &events, end), &expected);
        prop_assert_eq!(&outputs(Box::new(xf), &events, end), &expected);
        prop_assert_eq!(&outputs(Arc::new(xf), &events, end), &expected);
        prop_assert_eq!(&outputs(pipeline().then(xf), &events, end), &expected);
        prop_assert_eq!(&outputs(boxed_timed(xf), &events, end), &expected);
        prop_assert_eq!(&outputs(boxed_timed(boxed_timed(xf)), &events, end), &expected);
    }

    #[test]
    fn a_timed_stage_before_and_behind_others((events, end) in events(), wait in 1..6u64) {
        let xf = || debouncing(wait);
        let waited = debounced(&events, wait, end);
        let expanded = mapped(waited.clone(), countdown);
        prop_assert_eq!(&outputs(compose((xf(), flat_mapping(countdown))), &events, end), &expanded);
        let boxes = compose((boxed_timed(xf()), boxed(flat_mapping(countdown))));
        prop_assert_eq!(&outputs(boxes, &events, end), &expanded);
        prop_assert_eq!(outputs(compose((xf(), batching(2))), &events, end), batched(&waited, end));
        let taken: Events<u8> = waited.iter().take(2).copied().collect();
        prop_assert_eq!(outputs(compose((xf(), taking(2))), &events, end), taken);

        let expanded = mapped(events.clone(), countdown);
        prop_assert_eq!(outputs(compose((flat_mapping(countdown), xf())), &events, end), debounced(&expanded, wait, end));
        let batches = batched(&events, end);
        prop_assert_eq!(outputs(compose((batching(2), xf())), &events, end), debounced(&batches, wait, end));
        let both = mapped(debounced(&expanded, wait, end), |item| [item; 3]);
        prop_assert_eq!(outputs(compose((flat_mapping(countdown), xf(), repeating(3))), &events, end), both);
    }

    #[test]
    fn timed_stages_one_after_the_other((events, end) in events(), first in 1..6u64, second in 1..6u64) {
        let twice = debounced(&debounced(&events, first, end), second, end);
        let xf = || compose((debouncing(first), debouncing(second)));
        prop_assert_eq!(&outputs(xf(), &events, end), &twice);
        prop_assert_eq!(&outputs(boxed_timed(xf()), &events, end), &twice);
        let boxes = compose((boxed_timed(debouncing(first)), boxed_timed(debouncing(second))));
        prop_assert_eq!(&outputs(boxes, &events, end), &twice);
        let expanded = mapped(debounced(&events, first, end), |item| countdown(item).chain([item]));
        let between = flat_mapping(|item| countdown(item).chain([item]));
        let xf = compose((debouncing(first), between, debouncing(second), repeating(2)));
        prop_assert_eq!(outputs(xf, &events, end), mapped(debounced(&expanded, second, end), |item| [item; 2]));
    }

    #[test]
    fn a_timed_stage_in_on_ok_and_on_some((events, end) in events(), wait in 1..6u64) {
        let odd: Events<u8> = events.iter().copied().filter(|(_, item)| item % 2 == 1).collect();
        let even: Events<u8> = events.iter().copied().filter(|(_, item)| item % 2 == 0).collect();
        let waited = mapped(debounced(&odd, wait, end), |item| [item; 2]);
        let inner = || compose((debouncing(wait), repeating(2)));
        let tagged = |result: Result<u8, u8>| result.map_or_else(|even| (0, even), |odd| (1, odd));

        let read = mapping(|item| if item % 2 == 1 { Ok(item) } else { Err(item) });
        let seen = outputs(compose((read, on_ok(inner()), mapping(tagged))), &events, end);
        prop_assert_eq!((only(&seen, 0), only(&seen, 1)), (even.clone(), waited.clone()));

        let seen = outputs(compose((mapping(|item| (item % 2 == 1).then_some(item)), on_some(inner()))), &events, end);
        let (somes, nones): (Vec<_>, Vec<_>) = seen.into_iter().partition(|(_, item)| item.is_some());
        prop_assert_eq!(mapped(somes, |item| item), waited);
        prop_assert_eq!(mapped(nones, |_| [()]), mapped(even, |_| [()]));
    }

    #[test]
    fn timed_runs_in_by_key((events, end) in events(), wait in 1..6u64) {
        let key = |item: &u8| item % 3;
        let expected = debounced_by_key(&events, wait, end);
        prop_assert_eq!(&outputs(by_key(key, debouncing(wait)), &events, end), &expected);
        prop_assert_eq!(&outputs(boxed_timed(by_key(key, debouncing(wait))), &events, end), &expected);
        // What is made of several keys that are due at once is taken one by one.
        let expanded = compose((by_key(key, compose((debouncing(wait), repeating(2)))), repeating(3)));
        prop_assert_eq!(outputs(expanded, &events, end), mapped(expected.clone(), |output| [output; 6]));
        // A key of all keys.
        let nested = compose((by_key(|_: &u8| (), by_key(key, debouncing(wait))), mapping(|((), output)| output)));
        prop_assert_eq!(&outputs(nested, &events, end), &expected);
        // A run that has ended stays ended.
        let ending = outputs(by_key(key, compose((debouncing(wait), taking(1)))), &events, end);
        for key in 0..3 {
            prop_assert_eq!(only(&ending, key), only(&expected, key).into_iter().take(1).collect::<Events<u8>>());
        }
    }

    #[test]
    fn timed_runs_of_the_latest_key_alone((events, end) in events(), wait in 1..6u64) {
        // What waits is emitted when it is due, or when another key comes.
        let next = events.iter().skip(1).map(Some).chain([None]);
        let expected: Events<(u8, u8)> = events.iter().zip(next).filter_map(|((moment, item), next)| {
            let due = moment + i128::from(wait);
            let over = next.map_or(end, |(moment, _)| *moment);
            let is_replaced = next.is_some_and(|(moment, next)| next % 3 == item % 3 && due > *moment);
            (!is_replaced).then(|| (due.min(over), (item % 3, *item)))
        }).collect();
        let key = |item: &u8| item % 3;
        prop_assert_eq!(&outputs(by_run(key, debouncing(wait)), &events, end), &expected);
        prop_assert_eq!(&outputs(by_key(key, debouncing(wait)).remembering(1), &events, end), &expected);
        // One by one.
        let expanded = by_run(key, compose((debouncing(wait), repeating(2))));
        prop_assert_eq!(outputs(expanded, &events, end), mapped(expected.clone(), |output| [output; 2]));
        let expanded = by_key(key, compose((debouncing(wait), repeating(2)))).remembering(1);
        prop_assert_eq!(outputs(expanded, &events, end), mapped(expected, |output| [output; 2]));
    }

    #[test]
    fn timed_runs_in_by_batch((events, end) in events(), wait in 1..6u64) {
        let pairs = events.chunks(2).flat_map(|pair| {
            let (moment, item) = pair[0];
            let due = moment + i128::from(wait);
            match pair.get(1) {
                None => vec![(due.min(end), item)],
                Some(second) if due <= second.0 => vec![(due, item), *second],
                Some(second) => vec![*second],
            }
        });
        let expected: Events<u8> = pairs.collect();
        prop_assert_eq!(&outputs(by_batch(2, debouncing(wait)), &events, end), &expected);
        let expanded = by_batch(2, compose((debouncing(wait), repeating(2))));
        prop_assert_eq!(outputs(expanded, &events, end), mapped(expected, |output| [output; 2]));
    }

    #[test]
    fn several_timed_stages_in_by_key((events, end) in events(), first in 1..6u64, second in 1..6u64) {
        let inner = compose((debouncing(first), flat_mapping(countdown), debouncing(second)));
        let seen = outputs(by_key(|item: &u8| item % 3, inner), &events, end);
        for key in 0..3 {
            let events: Events<u8> = events.iter().copied().filter(|(_, item)| item % 3 == key).collect();
            let expanded = mapped(debounced(&events, first, end), countdown);
            prop_assert_eq!(only(&seen, key), debounced(&expanded, second, end));
        }
    }

    #[test]
    fn timed_branches_of_fan_out((events, end) in events(), first in 1..6u64, second in 1..6u64) {
        let branches = fan_out((
            compose((debouncing(first), repeating(2), mapping(|item| (0, item)))),
            mapping(|item| (1, item)),
            compose((debouncing(second), taking(2), mapping(|item| (2, item)))),
        ));
        let seen = outputs(branches, &events, end);
        prop_assert_eq!(only(&seen, 0), mapped(debounced(&events, first, end), |item| [item; 2]));
        prop_assert_eq!(only(&seen, 1), events.clone());
        prop_assert_eq!(only(&seen, 2), debounced(&events, second, end).into_iter().take(2).collect::<Events<u8>>());
    }
}

#[test]
fn at_one_moment_what_is_due_comes_before_the_item_and_branch_by_branch() {
    let branches =
        fan_out((debouncing(2), mapping(|item| item + 100), compose((debouncing(2), mapping(|item| item + 10)))));
    let seen = outputs(branches, &vec![(0, 1), (2, 2)], 3);
    assert_eq!(seen, [(0, 101), (2, 1), (2, 11), (2, 102), (3, 2), (3, 12)]);
}

#[test]
fn of_keys_that_are_due_at_once_the_first_to_begin_comes_first() {
    // The run of 0 is over at 2 and begins again behind that of 1.
    let events = vec![(0, 0), (1, 1), (2, 0), (2, 1)];
    let seen = outputs(by_key(|item: &u8| item % 3, debouncing(2)), &events, 9);
    assert_eq!(seen, [(2, (0, 0)), (4, (1, 1)), (4, (0, 0))]);
}

#[test]
fn by_key_forgets_a_key_whose_run_is_idle() {
    let xf = by_key(|item: &u8| item % 3, debouncing(2));
    let mut run = RunState::new(&xf);
    let mut seen = vec![];
    let mut out = unbounded(|output| {
        seen.push(output);
        ControlFlow::Continue(())
    });
    assert!(run.is_idle(&xf));
    let _ = run.step(&xf, 4, &mut out.at(Time::from_nanos(1)));
    let _ = run.step(&xf, 5, &mut out.at(Time::from_nanos(2)));
    assert_eq!(run.deadline(&xf), Some(Time::from_nanos(3)));
    let _ = run.advance(&xf, &mut out.at(Time::from_nanos(3)));
    assert!(!run.is_idle(&xf), "one of two keys waits");
    assert_eq!(run.deadline(&xf), Some(Time::from_nanos(4)));
    let _ = run.advance(&xf, &mut out.at(Time::from_nanos(4)));
    assert!(run.is_idle(&xf));
    assert_eq!(run.deadline(&xf), None);
    assert_eq!(seen, [(1, 4), (2, 5)]);
}

#[test]
fn by_key_forgets_a_key_also_where_nothing_can_be_left_of_its_run() {
    /// Debouncing, but what still waits at the end is dropped.
    struct Dropping;

    impl Transducer<u8> for Dropping {
        type Out = u8;
        type State = Option<Waiting<u8>>;

        const SHAPE: Shape = Shape::AT_MOST_ONE.timed();

        fn initial(&self) -> Self::State {
            None
        }

        fn step(&self, state: &mut Self::State, item: u8, out: &mut impl Emit<u8>) -> Step {
            debouncing(2).step(state, item, out)
        }

        fn deadline(&self, state: &Self::State) -> Option<Time> {
            Transducer::<u8>::deadline(&debouncing(2), state)
        }

        fn advance(&self, state: &mut Self::State, out: &mut impl Emit<u8>) -> Step {
            debouncing(2).advance(state, out)
        }

        fn is_idle(&self, state: &Self::State) -> bool {
            state.is_none()
        }
    }

    let events = vec![(0, 0), (0, 1), (5, 1), (5, 0)];
    let seen = outputs(by_key(|item: &u8| item % 3, Dropping), &events, 9);
    assert_eq!(seen, [(2, (0, 0)), (2, (1, 1)), (7, (1, 1)), (7, (0, 0))], "they begin again, in another order");
}

#[test]
fn a_key_is_kept_where_its_run_is_not_timed() {
    let xf = by_key(|item: &u8| item % 3, filtering(|_| false));
    let mut run = RunState::new(&xf);
    let _ = run.step(&xf, 4, &mut unbounded(|_| ControlFlow::Continue(())));
    assert!(!run.is_idle(&xf));
}

#[test]
fn a_wait_past_the_end_of_time_is_no_deadline() {
    let mut run = Run::new(debouncing(2));
    assert_eq!(run.advance(Time::END), None);
    assert_eq!(run.step('a'), None);
    assert_eq!(run.deadline(), None);
    assert_eq!(run.complete(), Some('a'));
}

/// Passes items on, and has something to do at a moment that is known from the beginning, which makes nothing.
struct Expecting(i128);

impl Transducer<u8> for Expecting {
    type Out = u8;
    type State = Option<Time>;

    const SHAPE: Shape = Shape::AT_MOST_ONE.timed();

    fn initial(&self) -> Self::State {
        Some(Time::from_nanos(self.0))
    }

    fn step(&self, _: &mut Self::State, item: u8, out: &mut impl Emit<u8>) -> Step {
        out.emit(item)
    }

    fn deadline(&self, state: &Self::State) -> Option<Time> {
        *state
    }

    fn advance(&self, state: &mut Self::State, _: &mut impl Emit<u8>) -> Step {
        *state = None;
        ControlFlow::Continue(())
    }
}

#[test]
fn a_branch_that_never_wants_input_is_completed_at_the_first_item_whenever_the_others_are_due() {
    let nothing = || compose((taking(0), following_with([9])));
    let events = vec![(7, 1)];
    for due in [5, 8] {
        let seen = outputs(fan_out((nothing(), Expecting(due), nothing())), &events, 10);
        assert_eq!(seen, [(7, 9), (7, 1), (7, 9)], "due at {due}");
    }
}

#[test]
fn a_moment_before_the_last_one_counts_as_the_last() {
    let mut run = Run::new(debouncing(0));
    assert_eq!(run.advance(Time::from_nanos(10)), None);
    assert_eq!(run.step(1), None);
    assert_eq!(run.advance(Time::from_nanos(5)), Some(1));
}

proptest! {
    #[test]
    fn a_rolling_window_has_the_items_of_the_last_while_however_the_time_is_told(
        waits in vec(0..9i128, 0..30),
        duration in 1..20u64,
    ) {
        let mut now = 0;
        let events: Events<u8> = (0u8..).zip(&waits).map(|(item, wait)| {
            now += wait;
            (now, item)
        }).collect();
        let expected: Events<Vec<u8>> = events.iter().enumerate().map(|(place, (moment, _))| {
            let window = events[..=place].iter().filter(|(then, _)| then + i128::from(duration) > *moment);
            (*moment, window.map(|(_, item)| *item).collect())
        }).collect();
        let xf = || rolling_within(Duration::from_nanos(duration), appending());
        prop_assert_eq!(outputs(xf(), &events, now + 5), expected);
        // By key it is the same, though a key is forgotten when its window is empty.
        let of_parity = |parity| {
            let events = events.iter().filter(|(_, item)| item % 2 == parity).copied().collect();
            mapped(outputs(xf(), &events, now + 5), |window| [(parity, window)])
        };
        let mut by_parity = [of_parity(0), of_parity(1)].concat();
        by_parity.sort_by_key(|(moment, (_, window))| (*moment, *window.last().unwrap()));
        prop_assert_eq!(outputs(by_key(|item: &u8| item % 2, xf()), &events, now + 5), by_parity);
    }
}

#[test]
fn what_would_be_due_after_the_end_of_time_has_no_deadline() {
    let mut run = Run::new(delaying(Duration::from_secs(1)));
    let last = Time::from_nanos(i128::MAX - 1);
    assert_eq!(run.advance(last), None);
    assert_eq!(run.step(1), None);
    assert_eq!((run.deadline(), run.advance(last)), (None, None));
}

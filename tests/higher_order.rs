//! Pipelines inside pipelines: who ends whom, who completes whom, and in what order.

use std::{
    cell::Cell,
    ops::ControlFlow,
    rc::Rc,
    sync::atomic::{AtomicUsize, Ordering},
};

use transducer::{
    kernel::{Held, Run},
    *,
};

/// Passes on what `inner` does, fails if a run of it is stepped after `Break` or completed twice, and counts the runs
/// that were begun and completed.
struct Watched<'a, X> {
    inner: X,
    begun: &'a Cell<usize>,
    completed: &'a Cell<usize>,
}

struct WatchedState<S> {
    inner: S,
    ended: bool,
    completed: bool,
}

impl<In, X: Transducer<In>> Transducer<In> for Watched<'_, X> {
    type Out = X::Out;
    type State = WatchedState<X::State>;

    // Asked to complete, whatever is in it.
    const SHAPE: Shape = X::SHAPE.flushing();

    fn initial(&self) -> Self::State {
        self.begun.set(self.begun.get() + 1);
        let inner = self.inner.initial();
        WatchedState { ended: self.inner.is_reduced(&inner), inner, completed: false }
    }

    fn step(&self, state: &mut Self::State, item: In, out: &mut impl Emit<X::Out>) -> Step {
        assert!(!state.ended, "an inner run was stepped after Break");
        let flow = self.inner.step(&mut state.inner, item, out);
        state.ended |= flow.is_break();
        flow
    }

    fn resume(&self, state: &mut Self::State, out: &mut impl Emit<X::Out>) -> Step {
        let flow = self.inner.resume(&mut state.inner, out);
        state.ended |= flow.is_break();
        flow
    }

    fn complete(&self, state: &mut Self::State, out: &mut impl Emit<X::Out>) -> Step {
        assert!(!state.completed, "an inner run was completed twice");
        state.completed = true;
        state.ended = true;
        self.completed.set(self.completed.get() + 1);
        self.inner.complete(&mut state.inner, out)
    }

    fn is_reduced(&self, state: &Self::State) -> bool {
        state.ended
    }
}

/// Collects up to `wanted` items, and fails when it is sent more.
fn strict<T>(wanted: usize) -> impl EventSink<T, Output = Vec<T>> {
    struct Strict<T>(usize, Vec<T>);
    impl<T> EventSink<T> for Strict<T> {
        type Output = Vec<T>;
        fn send(&mut self, item: T) -> Step {
            assert!(self.1.len() < self.0, "stepped after Break");
            self.1.push(item);
            if self.1.len() == self.0 { ControlFlow::Break(Reduced) } else { ControlFlow::Continue(()) }
        }
        fn close(self) -> Vec<T> {
            self.1
        }
    }
    Strict(wanted, vec![])
}

fn parity(x: &i32) -> i32 {
    x % 2
}

#[test]
fn a_run_of_by_key_that_ends_does_not_end_the_others() {
    let firsts = by_key(parity, taking(1));
    assert_eq!((0..6).transduce(firsts).collect::<Vec<_>>(), [(0, 0), (1, 1)]);
    let sums = by_key(parity, compose((taking_while(|x: &i32| *x < 4), reducing(summing::<i32>()))));
    assert_eq!([1, 2, 3, 4, 5, 2, 1].into_iter().transduce(sums).collect::<Vec<_>>(), [(0, 2), (1, 4)]);
}

#[test]
fn a_run_of_by_key_that_ends_is_flushed_at_once() {
    let pairs = by_key(parity, compose((taking(3), batching(2))));
    let mut source = 0..;
    let mut pairs = source.by_ref().transduce(pairs);
    assert_eq!(
        pairs.by_ref().take(4).collect::<Vec<_>>(),
        [(0, vec![0, 2]), (1, vec![1, 3]), (0, vec![4]), (1, vec![5])]
    );
    drop(pairs);
    assert_eq!(source.next(), Some(6));
}

#[test]
fn a_run_of_by_key_that_wants_nothing_is_flushed_when_its_key_is_first_seen() {
    let counts = by_key(parity, compose((taking(0), reducing(counting()))));
    let mut source = 1..;
    assert_eq!(source.by_ref().transduce(counts).next(), Some((1, 0)));
    assert_eq!(source.next(), Some(2));
}

#[test]
fn a_downstream_that_has_had_enough_ends_by_key() {
    let mut source = 0..;
    let firsts = compose((by_key(parity, mapping(|x| x)), taking(3)));
    assert_eq!(transduce(firsts, appending(), source.by_ref()), [(0, 0), (1, 1), (0, 2)]);
    assert_eq!(source.next(), Some(3));
}

#[test]
fn by_key_completes_each_run_once_and_flushes_in_first_seen_order() {
    for wanted in 1..=4 {
        let (begun, completed) = (Cell::new(0), Cell::new(0));
        let inner = Watched { inner: compose((taking(3), batching(2))), begun: &begun, completed: &completed };
        let third = |x: &i32| x % 3;
        let sent = iterable_source([2, 1, 2, 4, 0], reactive_transduce(by_key(third, inner), strict(wanted)));
        let all = [(2, vec![2, 2]), (1, vec![1, 4]), (0, vec![0])];
        assert_eq!(sent, all[..wanted.min(3)]);
        assert_eq!(begun.get(), completed.get());
    }
}

#[test]
fn reducing_inside_by_key_folds_each_group_in_one_pass() {
    let words = ["bee", "ant", "bat", "asp", "bear"];
    let longest = by_key(|word: &&str| word.as_bytes()[0], reducing((counting(), maximum_by_key(|w: &&str| w.len()))));
    assert_eq!(
        words.into_iter().transduce(longest).collect::<Vec<_>>(),
        [(b'b', (3, Some("bear"))), (b'a', (2, Some("asp")))]
    );
}

#[test]
fn by_key_inside_by_key_keeps_ends_apart() {
    let hundreds = |x: &i32| x / 100;
    let nested = by_key(hundreds, by_key(parity, taking(1)));
    let seen: Vec<_> = [2, 4, 3, 102, 104, 103, 5].into_iter().transduce(nested).collect();
    assert_eq!(seen, [(0, (0, 2)), (0, (1, 3)), (1, (0, 102)), (1, (1, 103))]);
    // What ends the outer inner pipeline is downstream for the innermost.
    let limited = by_key(hundreds, compose((by_key(parity, mapping(|x| x)), taking(1))));
    let seen: Vec<_> = [2, 4, 3, 102, 104].into_iter().transduce(limited).collect();
    assert_eq!(seen, [(0, (0, 2)), (1, (0, 102))]);
}

#[test]
fn flat_mapping_goes_on_when_an_inner_pipeline_has_ended() {
    let two_each = flat_mapping(|up_to: i32| (0..up_to).transduce(taking(2)));
    assert_eq!([3, 1, 5].into_iter().transduce(two_each).collect::<Vec<_>>(), [0, 1, 0, 0, 1]);
}

#[test]
fn a_finished_branch_of_fan_out_rests_and_the_run_ends_when_all_have() {
    let mut source = 1..;
    let branches = fan_out((taking(1), compose((taking(3), mapping(|x| x * 10))), taking(2)));
    let seen: Vec<_> = source.by_ref().transduce(branches).collect();
    assert_eq!(seen, [1, 10, 1, 20, 2, 30]);
    assert_eq!(source.next(), Some(4));
}

#[test]
fn a_branch_of_fan_out_that_ends_is_flushed_at_once() {
    let branches = fan_out((compose((taking(2), reducing(summing::<i32>()))), mapping(|x| x)));
    assert_eq!((1..=3).transduce(branches).collect::<Vec<_>>(), [1, 3, 2, 3]);
}

#[test]
fn a_branch_of_fan_out_that_flushes_into_a_finished_downstream_is_silent() {
    let sums = || compose((taking(2), reducing(summing::<i32>())));
    for wanted in 1..=6 {
        let (begun, completed) = (Cell::new(0), Cell::new(0));
        let watched = || Watched { inner: sums(), begun: &begun, completed: &completed };
        let branches =
            fan_out((watched(), mapping(|x: i32| -x), watched(), reducing(counting().map_output(|n| n as i32))));
        let sent = iterable_source(1..=3, reactive_transduce(branches, strict(wanted)));
        assert_eq!(sent, [-1, 3, -2, 3, -3, 3][..wanted]);
        assert_eq!((begun.get(), completed.get()), (2, 2));
    }
}

#[test]
fn fan_out_ends_in_the_flush_of_a_branch_that_wanted_nothing() {
    // The second branch is flushed by the first item, and downstream has then had enough.
    let branches = fan_out((mapping(|x| x), compose((taking(0), following_with([9])))));
    let mut source = 1..;
    assert_eq!(transduce(compose((branches, taking(2))), appending(), source.by_ref()), [1, 9]);
    assert_eq!(source.next(), Some(2));
}

#[test]
fn fan_out_takes_nothing_where_no_branch_wants_anything() {
    let mut source = 1..;
    let branches = fan_out((taking(0), compose((taking(0), following_with([9]))), taking(0)));
    assert_eq!(source.by_ref().transduce(branches).collect::<Vec<_>>(), [9]);
    assert_eq!(source.next(), Some(1));
}

/// An item that counts how often it is cloned.
struct Counted<'a>(&'a Cell<usize>);

impl Clone for Counted<'_> {
    fn clone(&self) -> Self {
        self.0.set(self.0.get() + 1);
        Self(self.0)
    }
}

#[test]
fn fan_out_clones_for_all_but_the_last_branch_that_wants_more() {
    let clones = Cell::new(0);
    let branches = fan_out((taking(3), taking(2), taking(1)));
    assert_eq!((0..3).map(|_| Counted(&clones)).transduce(branches).count(), 6);
    // Two for the first item, one for the second, none for the third.
    assert_eq!(clones.get(), 3);
}

#[test]
fn a_tuple_of_reducers_clones_for_all_but_the_last_that_wants_more() {
    let clones = Cell::new(0);
    let items = || (0..3).map(|_| Counted(&clones));
    let (all, first, none) = transduce(mapping(|item| item), (counting(), first_of(), top_none()), items());
    assert_eq!((all, first.is_some(), none), (3, true, 0));
    assert_eq!(clones.get(), 1);
}

/// Wants nothing.
fn top_none<In>() -> impl Reducer<In, Output = usize> {
    taking(0).apply(counting())
}

#[test]
fn on_ok_passes_errors_along_in_order_and_flushes_at_the_end() {
    let items = [Ok(1), Err("a"), Ok(2), Ok(3), Err("b"), Err("c")];
    let seen: Vec<_> = items.into_iter().transduce(on_ok(batching(2))).collect();
    assert_eq!(seen, [Err("a"), Ok(vec![1, 2]), Err("b"), Err("c"), Ok(vec![3])]);
}

#[test]
fn on_ok_ends_with_its_pipeline_and_loses_no_error() {
    let mut source = [Err("a"), Ok(1), Err("b"), Ok(2), Err("c"), Ok(3)].into_iter();
    let seen: Vec<_> = source.by_ref().transduce(on_ok(compose((taking(2), last())))).collect();
    assert_eq!(seen, [Err("a"), Err("b"), Ok(2)]);
    assert_eq!(source.next(), Some(Err("c")));
    assert_eq!([Ok::<i32, i32>(1)].into_iter().transduce(on_ok(taking(0))).count(), 0);
}

#[test]
fn on_some_keeps_each_none_in_its_place() {
    let items = [None, Some(1), None, Some(2), Some(3)];
    let seen: Vec<_> = items.into_iter().transduce(on_some(batching(2))).collect();
    assert_eq!(seen, [None, None, Some(vec![1, 2]), Some(vec![3])]);
}

#[test]
fn zipping_ends_with_the_last_pair_and_takes_nothing_for_nothing() {
    let mut source = 1..;
    assert_eq!(source.by_ref().transduce(zipping("ab".chars())).collect::<Vec<_>>(), [(1, 'a'), (2, 'b')]);
    assert_eq!(source.by_ref().transduce(zipping([0; 0])).count(), 0);
    assert_eq!(source.next(), Some(3));
}

#[test]
fn reducing_emits_once_and_ends_with_its_reducer() {
    let mut source = 1..;
    assert_eq!(source.by_ref().transduce(reducing(any_of(|x| x > 2))).collect::<Vec<_>>(), [true]);
    assert_eq!(source.next(), Some(4));
    assert_eq!(source.by_ref().transduce(reducing(top(0))).collect::<Vec<_>>(), [vec![0; 0]]);
    assert_eq!(source.next(), Some(5));
    assert_eq!([0; 0].into_iter().transduce(reducing(counting())).collect::<Vec<_>>(), [0]);
}

#[test]
fn a_branch_of_fan_out_that_ends_while_downstream_is_full_is_made_whole_before_the_next_item() {
    let ending = || compose((taking(1), repeating(3), following_with([7])));
    let mut source = 1..;
    let mut first_ends = source.by_ref().transduce(fan_out((ending(), mapping(|x| x * 10))));
    assert_eq!(first_ends.by_ref().take(5).collect::<Vec<_>>(), [1, 1, 1, 7, 10]);
    drop(first_ends);
    assert_eq!(source.next(), Some(2), "one item has been taken");
    let mut source = 1..;
    let mut second_ends = source.by_ref().transduce(fan_out((mapping(|x| x * 10), ending())));
    assert!([10, 1, 1, 1, 7, 20, 30].into_iter().all(|out| second_ends.next() == Some(out)));
    drop(second_ends);
    assert_eq!(source.next(), Some(4));
    let mut source = 1..;
    let mut both_end = source.by_ref().transduce(fan_out((ending(), ending())));
    assert!([1, 1, 1, 7, 1, 1, 1, 7].into_iter().all(|out| both_end.next() == Some(out)));
    assert_eq!(both_end.next(), None);
    assert_eq!(source.next(), Some(2));
}

#[test]
fn what_fan_out_holds_for_its_second_branch_is_dropped_when_downstream_has_had_enough() {
    let item = Rc::new(());
    let mut run = Run::new(compose((fan_out((repeating(3), mapping(|x: Rc<()>| x))), taking(2))));
    let first = run.step(Rc::clone(&item));
    assert_eq!(Rc::strong_count(&item), 4, "ours, the output, the one repeated, and the one held");
    let second = run.resume();
    assert!(!run.wants_input());
    drop((first, second));
    assert_eq!(Rc::strong_count(&item), 1, "nothing is held any more");
    assert_eq!(run.resume(), None);
}

#[test]
fn by_key_and_fan_out_complete_every_run_once_though_downstream_ends_while_they_are_paused() {
    let all = [0, 3, 1, 4, 2, 5];
    for wanted in 1..=all.len() + 1 {
        let (begun, completed) = (Cell::new(0), Cell::new(0));
        let watched = || Watched { inner: batching(9), begun: &begun, completed: &completed };
        let keyed = || compose((by_key(|x: &i32| x % 3, watched()), flat_mapping(|(_, batch): (i32, Vec<i32>)| batch)));
        let expect = |lazily: &mut dyn Iterator<Item = i32>, expected: &[i32], name: &str| {
            let expected = &expected[..expected.len().min(wanted)];
            let outputs: Vec<_> = lazily.collect();
            assert_eq!(outputs, expected, "{name}");
            assert_ne!(begun.get(), 0, "{name}");
            assert_eq!(begun.replace(0), completed.replace(0), "{name} cut short after {wanted}");
        };
        expect(&mut (0..6).transduce(compose((keyed(), taking(wanted)))), &all, "by_key");
        let branches = || fan_out((compose((watched(), flattening())), keyed()));
        let twice = [&[0, 1, 2, 3, 4, 5], &all[..]].concat();
        expect(&mut (0..6).transduce(compose((branches(), taking(wanted)))), &twice, "fan_out");
        let lifted = compose((mapping(Some), on_some(branches()), flattening(), taking(wanted)));
        expect(&mut (0..6).transduce(lifted), &twice, "on_some");
        let nested = compose((by_key(|_| (), keyed()), mapping(|(_, x)| x), repeating(2), taking(wanted)));
        let doubled = all.map(|x| [x, x]).concat();
        expect(&mut (0..6).transduce(nested), &doubled, "by_key inside by_key");
    }
}

#[test]
fn a_run_is_completed_though_downstream_refuses_what_it_has_left_of_a_step() {
    // The last item closes three windows at once.
    let items = [0, 10, 20, 100];
    let windows = || batching_by_time(10, |x: &i64| *x).waiting(30);
    for wanted in 1..5 {
        let (begun, completed) = (Cell::new(0), Cell::new(0));
        let watched = || Watched { inner: mapping(|x| x), begun: &begun, completed: &completed };
        let expect = |outputs: usize, name: &str| {
            assert_eq!(
                (outputs, begun.replace(0), completed.replace(0)),
                (wanted, 1, 1),
                "{name} cut short after {wanted}"
            );
        };
        let keyed = || compose((by_key(|_: &i64| (), compose((watched(), windows()))), taking(wanted)));
        expect(items.into_iter().transduce(keyed()).count(), "by_key by fold");
        expect(items.into_iter().transduce(keyed()).by_ref().count(), "by_key");
        expect(transduce(keyed(), counting(), items), "by_key, eagerly");
        let branches = fan_out((compose((watched(), windows())), compose((filtering(|_| false), windows()))));
        expect(items.into_iter().transduce(compose((branches, taking(wanted)))).count(), "fan_out");
    }
}

/// `last`, counting how often it is completed.
struct CountedLast<'a>(&'a AtomicUsize);

impl<T> Transducer<T> for CountedLast<'_> {
    type Out = T;
    type State = Held<T>;

    const SHAPE: Shape = Shape::AT_MOST_ONE.flushing();

    fn initial(&self) -> Held<T> {
        Held(None)
    }

    fn step(&self, state: &mut Held<T>, item: T, out: &mut impl Emit<T>) -> Step {
        last().step(state, item, out)
    }

    fn complete(&self, state: &mut Held<T>, out: &mut impl Emit<T>) -> Step {
        self.0.fetch_add(1, Ordering::Relaxed);
        last().complete(state, out)
    }
}

#[test]
fn boxed_or_not_every_run_is_completed_and_nothing_more_is_made_when_downstream_ends_amid_leftovers() {
    let (completed, made) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let count = |of: &AtomicUsize| _ = of.fetch_add(1, Ordering::Relaxed);
    let runs = || by_key(|x: &i32| *x, CountedLast(&completed));
    let branches = || fan_out((boxed(runs()), runs()));
    let check = |xf: Boxed<'_, i32, (i32, i32)>, runs: usize, name: &str| {
        for wanted in 1..4 {
            let outputs = (0..4).transduce(compose((&xf, taking(wanted)))).by_ref().count();
            assert_eq!(
                (outputs, completed.swap(0, Ordering::Relaxed)),
                (wanted, runs),
                "{name} cut short after {wanted}"
            );
        }
    };
    check(boxed(runs()), 4, "a box");
    check(boxed(boxed(runs())), 4, "a box in a box");
    check(boxed(compose((boxed(runs()), flat_mapping(|output| [output])))), 4, "a box in a pipeline in a box");
    check(boxed(branches()), 8, "a box in a branch in a box");

    // Of what is endless, nothing behind it passes another one on.
    let endless = || (0..).inspect(|_: &i32| count(&made));
    let first = || filtering(|x: &i32| *x == 0);
    let check = |xf: Boxed<'_, i32, i32>, name: &str| {
        let outputs = [0].into_iter().transduce(compose((xf, taking(1)))).by_ref().count();
        assert_eq!((outputs, made.swap(0, Ordering::Relaxed)), (1, 1), "{name}");
    };
    check(boxed(compose((flat_mapping(|_| endless()), first()))), "endless");
    check(boxed(boxed(compose((flat_mapping(|_| endless()), first())))), "endless in two boxes");
    check(boxed(compose((skipping(1), following_with(endless()), first()))), "endless at the end");
    check(boxed(compose((boxed(compose((skipping(1), following_with(endless())))), first()))), "a box behind a box");
}

#[test]
fn a_run_that_never_wants_input_is_completed_at_its_first_item_and_not_before() {
    let nothing = || compose((taking(0), following_with([9])));
    let mut run = Run::new(fan_out((nothing(), mapping(|x| x), nothing())));
    assert_eq!(run.resume(), None);
    assert_eq!((run.step(1), run.resume(), run.resume(), run.resume()), (Some(9), Some(1), Some(9), None));
    assert_eq!((run.step(2), run.resume()), (Some(2), None));
    let mut run = Run::new(by_key(parity, nothing()));
    assert_eq!(run.resume(), None);
    assert_eq!((run.step(1), run.resume()), (Some((1, 9)), None));
    assert_eq!((run.step(3), run.complete()), (None, None));
}

#[test]
fn states_of_higher_order_stages_go_through_json_at_any_point() {
    // Keys that JSON cannot have as keys of an object.
    fn key(x: &i32) -> (i32, bool) {
        (x % 3, x % 2 == 0)
    }
    let xf = || {
        let inner = compose((taking(2), batching(2)));
        let groups = by_key(key, inner);
        let grouped = reducing(grouping(key, (counting(), top(2), reservoir(1, 7))).map_output(|groups| groups.len()));
        compose((
            mapping(|x: i32| x),
            fan_out((compose((groups, mapping(|(_, batch): (_, Vec<i32>)| batch.len()))), grouped)),
        ))
    };
    let whole: Vec<_> = (0..20).transduce(xf()).collect();
    for split in 0..=20 {
        let mut first = reactive_transduce(xf(), collection_sink(vec![]));
        for item in 0..split {
            first.send(item);
        }
        let (state, sink) = first.suspend();
        let json = serde_json::to_string(&state).unwrap();
        let mut second = serde_json::from_str::<Snapshot<_>>(&json).unwrap().resume(xf(), sink).unwrap();
        for item in split..20 {
            second.send(item);
        }
        assert_eq!(second.close(), whole, "resumed after {split}");
    }
}

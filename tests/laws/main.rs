//! The laws by name, each at the case that shows it best. Every stage is held to them in `tests/vocabulary`.

mod list;
mod the_kit_finds;

use std::{
    cell::{Cell, RefCell},
    ops::ControlFlow,
    panic::{AssertUnwindSafe, catch_unwind},
    time::Duration,
};

use proptest::{collection::vec, prelude::*};
use transducer::{
    kernel::Run,
    laws::{CombineLaws, Laws, Probe, TimeLaws},
    reducers::ExpectedSingle,
    sources::PoissonSource,
    *,
};

/// A stage that breaks every rule it can: it goes on after `Break`, and flushes after it.
struct Unruly;

impl Transducer<i32> for Unruly {
    type Out = i32;
    type State = ();

    fn initial(&self) {}

    fn step(&self, _: &mut (), item: i32, out: &mut impl Emit<i32>) -> Step {
        let _ = out.emit(item);
        let _ = out.emit(item);
        ControlFlow::Continue(())
    }

    fn complete(&self, _: &mut (), out: &mut impl Emit<i32>) -> Step {
        let _ = out.emit(-1);
        let _ = out.emit(-1);
        ControlFlow::Continue(())
    }
}

/// A transducer that passes items on and counts its completions.
struct Completions<'a>(&'a Cell<usize>);

impl<T> Transducer<T> for Completions<'_> {
    type Out = T;
    type State = ();

    fn initial(&self) {}

    fn step(&self, _: &mut (), item: T, out: &mut impl Emit<T>) -> Step {
        out.emit(item)
    }

    fn complete(&self, _: &mut (), _: &mut impl Emit<T>) -> Step {
        self.0.set(self.0.get() + 1);
        ControlFlow::Continue(())
    }
}

#[test]
fn law_1_drivers_agree() {
    let xf = compose((filtering(|x: &i32| x % 2 == 1), mapping(|x: i32| x * x), batching(2)));
    let expected = [vec![1, 9], vec![25]];
    assert_eq!(transduce(&xf, appending(), 1..=5), expected);
    assert_eq!((1..=5).transduce(&xf).collect::<Vec<_>>(), expected);
    assert_eq!(iterable_source(1..=5, reactive_transduce(&xf, collection_sink(vec![]))), expected);
}

#[test]
fn law_1_wrappers_agree() {
    let expected = || [0, 1, 2].into_iter().flat_map(|x| [x, x + 1]);
    let xf = flat_mapping(|x: i32| [x, x + 1]);
    assert_eq!((0..3).transduce(compose((&xf, pipeline()))).collect::<Vec<_>>(), expected().collect::<Vec<_>>());
    assert!((0..3).map(Some).transduce(on_some(&xf)).eq(expected().map(Some)));
    assert!((0..3).map(Ok::<_, ()>).transduce(on_ok(&xf)).eq(expected().map(Ok)));
    assert!((0..3).transduce(fan_out((&xf,))).eq(expected()));
    assert!((0..3).transduce(by_key(|_| 'k', &xf)).eq(expected().map(|out| ('k', out))));
    assert!((0..3).transduce(boxed(&xf)).eq(expected()));
}

#[test]
fn what_is_inside_a_wrapper_is_driven_by_the_rules() {
    for probe in [Probe::new(), Probe::ending_after(2), Probe::ending_after(0)] {
        let inside = || probe.clone();
        let numbers = || vec(0..4i32, 0..6);
        let holds = |name: &str| Laws::of(name, pipeline::<i32>().then(inside())).probed(&probe).cases(8);
        holds("pipeline").check(numbers());
        let before = compose((inside(), enumerating()));
        Laws::of("compose, first", before).probed(&probe).cases(8).check(numbers());
        let behind = compose((repeating(2), inside()));
        Laws::of("compose, second", behind).probed(&probe).cases(8).check(numbers());
        Laws::of("by_key", by_key(|x: &i32| x % 2, inside())).probed(&probe).cases(8).check(numbers());
        Laws::of("fan_out", fan_out((inside(), inside()))).probed(&probe).cases(8).check(numbers());
        Laws::of("on_some", on_some(inside())).probed(&probe).cases(8).check(vec((0..4).prop_map(Some), 0..6));
        Laws::of("on_ok", on_ok(inside())).probed(&probe).cases(8).check(vec((0..4).prop_map(Ok::<_, ()>), 0..6));
    }
}

#[test]
fn law_2_complete_once_on_every_path() {
    let count = Cell::new(0);
    let once = |path: &str| assert_eq!(count.replace(0), 1, "{path}");

    transduce(Completions(&count), appending(), 0..3);
    once("eager, exhaustion");
    transduce(compose((Completions(&count), taking(1))), appending(), 0..3);
    once("eager, early end");
    transduce(compose((Completions(&count), taking(0))), appending(), 0..3);
    once("eager, nothing wanted");
    assert_eq!((0..3).transduce(Completions(&count)).by_ref().count(), 3);
    once("lazy, exhaustion");
    let mut ended = (0..3).transduce(compose((Completions(&count), taking(1))));
    assert_eq!((ended.next(), ended.next(), ended.next()), (Some(0), None, None));
    once("lazy, early end");
    reactive_transduce::<u8, _, _>(Completions(&count), null_sink()).close();
    once("push, close");
    drop(reactive_transduce::<u8, _, _>(Completions(&count), null_sink()));
    once("push, drop");
    let mut push = reactive_transduce(compose((Completions(&count), taking(1))), null_sink());
    assert!(push.send(0).is_break());
    once("push, early end");
    push.close();
    assert_eq!(count.get(), 0, "push, close after an early end");

    let mut abandoned = (0..3).transduce(Completions(&count));
    abandoned.next();
    drop(abandoned);
    assert_eq!(count.get(), 0, "lazy, dropped half-way");
    let (_, sink) = reactive_transduce::<u8, _, _>(Completions(&count), null_sink()).suspend();
    EventSink::<u8>::close(sink);
    assert_eq!(count.get(), 0, "push, suspended");
}

#[test]
fn law_3_leftovers_are_flushed_after_an_early_end() {
    let xf = compose((taking(3), batching(2)));
    assert_eq!(transduce(&xf, appending(), 1..=5), [vec![1, 2], vec![3]]);
    let mut push = reactive_transduce(&xf, collection_sink(vec![]));
    for (item, ends) in [(1, false), (2, false), (3, true), (4, true), (5, true)] {
        assert_eq!(push.send(item).is_break(), ends);
    }
    assert_eq!(push.close(), [vec![1, 2], vec![3]]);
}

#[test]
fn law_4_nothing_after_reduced() {
    assert_eq!(transduce(compose((batching(3), taking(1), batching(2))), appending(), [1]), [[[1]]]);
    // Whatever comes from upstream, also from a stage that does not heed `Break`.
    assert_eq!(transduce(compose((Unruly, taking(1))), appending(), 1..9), [1]);
    assert_eq!(transduce(compose((Unruly, taking(3), batching(2))), appending(), 1..9), [vec![1, 1], vec![2]]);
    assert_eq!(transduce(Unruly, expecting_single(), [7]), Err(ExpectedSingle::TooMany));
    // A stage that ends the run while the one before it is completed.
    assert_eq!((0..0).transduce(compose((following_with([7, 8, 9]), taking(2)))).collect::<Vec<_>>(), [7, 8]);
}

#[test]
fn law_4_fan_out_passes_break_on_also_while_it_is_paused_and_a_branch_rests() {
    Laws::of("fan_out", fan_out((repeating(3), taking(1)))).check(vec(0u8.., 0..6));
}

#[test]
fn law_4_an_accumulator_that_has_ended_stays_ended() {
    let nothing = || mapping(|x: i32| x);
    let too_many = Err(ExpectedSingle::TooMany);
    assert_eq!(transduce_from(nothing(), expecting_single(), [9], too_many), too_many);
    assert_eq!(transduce_from(nothing(), first_of(), [9], kernel::Held(Some(1))), Some(1));
    assert!(transduce_from(nothing(), any_of(|x| x == 1), [9], true));
    assert!(!transduce_from(nothing(), all_of(|x| x == 9), [9], false));
    let ended = taking_while(|x: &i32| *x < 3).apply(appending());
    let mut acc = ended.initial();
    assert_eq!([1, 5].map(|x| ended.step(&mut acc, x).is_break()), [false, true]);
    assert!(ended.is_reduced(&acc));
    assert_eq!(transduce_from(nothing(), &ended, [2], acc), [1]);
}

#[test]
fn law_5_no_over_pull() {
    let mut source = 0..10;
    assert_eq!(transduce(taking(3), counting(), source.by_ref()), 3);
    assert_eq!(source, 3..10);
    assert_eq!(transduce(taking(0), counting(), source.by_ref()), 0);
    assert_eq!(transduce(compose((flattening(), taking(0))), counting(), source.by_ref().map(Some)), 0);
    assert_eq!(source.by_ref().transduce(taking(0)).count(), 0);
    iterable_source(source.by_ref(), reactive_transduce(taking(0), null_sink()));
    let panicking = std::iter::from_fn(|| -> Option<i32> { panic!("pulled") });
    PoissonSource::new(1.0).sleeper(|_| panic!("waited")).run(panicking, reactive_transduce(taking(0), null_sink()));
    assert_eq!(source, 3..10);
    let mut batches = source.by_ref().transduce(batching(2));
    assert_eq!(batches.next(), Some(vec![3, 4]));
    drop(batches);
    assert_eq!(source, 5..10);
}

#[test]
fn law_5_no_over_make() {
    let endless = || flat_mapping(std::iter::repeat::<i32>);
    assert!((1..3).transduce(compose((last(), endless()))).take(3).eq([2; 3]));
    assert!((1..3).map(Some).transduce(on_some(endless())).take(3).eq([Some(1); 3]));
    assert!((1..3).map(Ok::<_, ()>).transduce(on_ok(endless())).take(3).eq([Ok(1); 3]));
    assert!((1..3).transduce(by_key(|_| 'k', endless())).take(3).eq([('k', 1); 3]));
    assert!((1..3).transduce(fan_out((taking(1), endless()))).take(3).eq([1, 1, 1]));
    assert!((1..3).transduce(compose((prepending([0]), endless()))).take(3).eq([0; 3]));
    assert!((1..3).transduce(boxed(endless())).take(3).eq([1; 3]));
    // Leftovers, and what is made of them.
    assert!((1..3).transduce(following_with(7..)).take(4).eq([1, 2, 7, 8]));
    assert!((1..3).transduce(prepending(7..)).take(4).eq([7, 8, 9, 10]));
    assert!((1..3).transduce(compose((reversing(), endless()))).take(3).eq([2; 3]));
}

#[test]
fn law_5_room_for_one() {
    // One step makes three items, and then there are leftovers, each of them twice: a call each.
    let mut run = Run::new(compose((flat_mapping(|x: i32| 0..x), following_with([7]), repeating(2))));
    assert_eq!(run.step(2), Some(0));
    assert_eq!([run.resume(), run.resume(), run.resume(), run.resume()], [Some(0), Some(1), Some(1), None]);
    assert_eq!([run.complete(), run.resume(), run.resume()], [Some(7), Some(7), None]);
    assert!(run.is_over());
}

#[test]
fn law_5_a_lazy_run_is_fused() {
    // Gives an item, an end, and items again.
    let mut calls = 0;
    let unfused = std::iter::from_fn(move || {
        calls += 1;
        (calls != 2).then_some(calls)
    });
    let mut items = unfused.transduce(batching(2));
    assert_eq!(items.next(), Some(vec![1]));
    assert_eq!((items.next(), items.next()), (None, None));
}

#[test]
fn law_6_order_is_kept() {
    let xf = compose((flat_mapping(|x: u32| [x, x * 10]), interspersing(0), repeating(2)));
    let expected = [1, 1, 0, 0, 10, 10, 0, 0, 2, 2, 0, 0, 20, 20];
    assert_eq!(transduce(&xf, appending(), [1, 2]), expected);
    let mut lazily = [1, 2].into_iter().transduce(&xf);
    assert!(expected.iter().all(|item| lazily.next().as_ref() == Some(item)));
    assert_eq!(lazily.next(), None);
}

#[test]
fn law_7_runs_are_independent() {
    let xf = compose((skipping(1), batching(2), enumerating()));
    let first = transduce(&xf, appending(), 0..5);
    assert_eq!(transduce(&xf, appending(), 0..5), first);
    // From several threads at once.
    std::thread::scope(|scope| {
        let runs: Vec<_> = (0..4).map(|_| scope.spawn(|| transduce(&xf, appending(), 0..5))).collect();
        for run in runs {
            assert_eq!(run.join().unwrap(), first);
        }
    });
}

#[test]
fn law_7_a_cloned_state_goes_on_where_it_was() {
    let mut run = Run::new(compose((repeating(2), batching(3), flattening())));
    assert_eq!((run.step(1), run.step(2), run.resume()), (None, Some(1), Some(1)));
    let mut clone = run.clone();
    let rest =
        |run: &mut Run<i32, _>| std::iter::from_fn(|| run.resume().or_else(|| run.complete())).collect::<Vec<_>>();
    assert_eq!(rest(&mut run), [2, 2]);
    assert_eq!(rest(&mut clone), [2, 2]);
}

#[test]
fn law_7_a_serialized_state_goes_on_where_it_was() {
    let xf = || compose((skipping(1), deduping(), batching(2), enumerating()));
    let mut push = reactive_transduce(xf(), collection_sink(vec![]));
    let _ = [0, 1, 1, 2].into_iter().try_for_each(|item: u64| push.send(item).into_step());
    let (suspended, sink) = push.suspend();
    let text = serde_json::to_string(&suspended).unwrap();
    let mut resumed = serde_json::from_str::<Snapshot<_>>(&text).unwrap().resume(xf(), sink).unwrap();
    let _ = [2, 3, 3, 4].into_iter().try_for_each(|item| resumed.send(item).into_step());
    assert_eq!(resumed.close(), transduce(xf(), appending(), [0, 1, 1, 2, 2, 3, 3, 4]));
}

#[test]
fn law_7_a_run_that_has_ended_stays_ended_when_resumed() {
    let mut push = reactive_transduce(taking_while(|x: &i32| *x < 2), collection_sink(vec![]));
    assert!(push.send(5).is_break());
    let (suspended, sink) = push.suspend();
    let mut resumed = suspended.resume(taking_while(|x: &i32| *x < 2), sink).unwrap();
    assert!(resumed.send(1).is_break());
    assert!(resumed.close().is_empty());
}

#[test]
fn law_7_a_state_that_does_not_belong_is_refused() {
    let suspended = || reactive_transduce(pipeline::<i32>().chunks(2), null_sink()).suspend().0;
    assert!(suspended().resume(pipeline::<i32>().chunks(3), null_sink()).is_ok());
    let error = suspended().resume(pipeline::<i32>().then(reversing_batches()), null_sink()).err().unwrap();
    assert_eq!(
        error.to_string(),
        "the snapshot is of a run of `identity | batching`, not of `identity | batching_with`"
    );
}

/// A stage with the state of `batching`.
fn reversing_batches() -> stages::BatchingWith<impl Fn(&[i32]) -> Vec<i32>> {
    batching_with(2, |batch: &[i32]| batch.iter().rev().copied().collect())
}

#[test]
fn law_8_a_panic_leaves_the_recipe_usable() {
    let xf = compose((mapping(|x: i32| 10 / x), batching(2)));
    assert!(catch_unwind(|| transduce(&xf, appending(), [1, 2, 0])).is_err());
    assert_eq!(transduce(&xf, appending(), [1, 2]), [[10, 5]]);
}

#[test]
fn law_8_a_push_pipeline_dropped_in_a_panic_does_not_flush() {
    let seen = RefCell::new(vec![]);
    let sink = |batch: Vec<i32>| seen.borrow_mut().push(batch);
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        let mut push = reactive_transduce(compose((mapping(|x: i32| 10 / x), batching(2))), sink);
        push.send(1);
        push.send(0);
    }));
    assert!(outcome.is_err());
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        let mut push = reactive_transduce(batching(2), sink);
        push.send(1);
        panic!("elsewhere");
    }));
    assert!(outcome.is_err());
    assert_eq!(*seen.borrow(), Vec::<Vec<i32>>::new());
}

#[test]
fn law_8_a_push_pipeline_that_has_panicked_wants_no_more() {
    let mut push = reactive_transduce(compose((mapping(|x: i32| 10 / x), batching(2))), collection_sink(vec![]));
    push.send(1);
    assert!(catch_unwind(AssertUnwindSafe(|| push.send(0))).is_err());
    assert!(push.send(1).is_break());
    assert_eq!(push.close(), Vec::<Vec<i32>>::new());
}

#[test]
fn law_9_size_hints_hold_for_any_source() {
    let hint = |source: std::iter::Take<std::ops::Range<usize>>, keep: fn(&usize) -> bool| {
        source.filter(keep).transduce(compose((batching(2), flattening(), sorting()))).size_hint()
    };
    assert_eq!(hint((0..9).take(5), |_| true).0, 0);
    let unsized_source = (0..9).filter(|x| x % 2 == 0);
    assert_eq!(unsized_source.transduce(batching(2)).size_hint(), (0, Some(5)));
    assert_eq!(std::iter::repeat(1).transduce(batching(2)).size_hint(), (usize::MAX / 2 + 1, None));
}

#[test]
fn law_9_shapes_are_those_of_what_is_emitted() {
    assert_eq!(shape_of(&compose((mapping(|x: i32| x), enumerating()))), Shape::ONE);
    assert_eq!(shape_of(&compose((mapping(|x: i32| x), taking(3)))), Shape::AT_MOST_ONE);
    assert_eq!(shape_of(&compose((taking(3), batching(2)))), Shape::AT_MOST_ONE.flushing());
    assert_eq!(shape_of(&compose((batching(2), flattening()))), Shape::ANY);
    // A box shows it too.
    assert_eq!(boxed(mapping(|x: i32| x)).shape(), Shape::ONE);
}

fn shape_of<X: Transducer<i32>>(_: &X) -> Shape {
    X::SHAPE
}

#[test]
fn law_9_size_hints_are_exact_where_they_can_be() {
    assert_eq!((0..10).transduce(compose((skipping(3), batching(4)))).size_hint(), (2, Some(2)));
    assert_eq!((0..10).transduce(compose((repeating(3), taking(12)))).size_hint(), (12, Some(12)));
    assert_eq!((0..).transduce(compose((windowing(3), taking(2)))).size_hint(), (2, Some(2)));
    assert_eq!((0..10).transduce(filtering(|x: &i32| *x > 3)).size_hint(), (0, Some(10)));
    let mut expanded = [1, 2].into_iter().transduce(repeating(3));
    expanded.next();
    assert_eq!(expanded.size_hint(), (5, Some(5)));
}

#[test]
fn law_9_size_hints_are_no_wider_for_what_is_around_a_stage() {
    let odd = || filtering(|x: &u8| x % 2 == 1);
    Laws::of("by_key", by_key(|x: &u8| x % 3, mapping(|x: u8| x))).tight().check(vec(0u8.., 0..9));
    Laws::of("by_key", by_key(|x: &u8| x % 3, odd())).bounded().check(vec(0u8.., 0..9));
    Laws::of("on_some", on_some(odd())).bounded().check(vec(proptest::option::of(0u8..), 0..9));
    Laws::of("on_ok", on_ok(odd())).bounded().check(vec(proptest::result::maybe_ok(0u8.., 0u8..), 0..9));
}

#[test]
fn law_9_no_memory_is_reserved_for_a_size_that_is_only_claimed() {
    // Each would abort if it were.
    assert_eq!(transduce(batching(usize::MAX), appending(), 0..3), [[0, 1, 2]]);
    assert_eq!(transduce(windowing(usize::MAX), counting(), 0..3), 0);
    assert_eq!((0..3).transduce(repeating(usize::MAX)).size_hint(), (usize::MAX, None));
}

#[test]
fn law_10_time_is_data() {
    let (second, minute) = (Duration::from_secs(1), Duration::from_secs(60));
    let held = |name, xf: TimedBoxed<'static, u64, _>| TimeLaws::of(name, xf, second).check(0..200u64);
    let settled =
        compose((debouncing(2 * second), batching_within(3, 5 * second), mapping(|batch: Vec<_>| batch.len())));
    held("one wait behind another", boxed_timed(settled));
    // The items' own times are not those of the run.
    let time = |seconds: &u64| Duration::from_secs(*seconds);
    let session = |session: stages::TimeWindow<Duration, u64>| session.items.len() + session.late;
    let sessions = by_key(|x: &u64| x % 3, compose((sessioning(4 * second, time).timed(), mapping(session))));
    held("sessions of each key", boxed_timed(compose((sessions, mapping(|(_, size)| size)))));
    let sides = fan_out((delaying(3 * second), compose((ticking(2 * second, || 7), taking_for(minute)))));
    held("sides that wait", boxed_timed(compose((sides, mapping(|x| x as usize)))));
}

#[test]
fn law_11_any_split_combined_in_any_bracketing_is_the_whole() {
    let bytes = || vec(0u8..9, 0..12);
    // Not a number that order makes no difference to.
    CombineLaws::of("joining", joining("-")).check(bytes());
    CombineLaws::of("top, of ties", mapping(|x| Rank(x / 3, x)).apply(top(3))).check(bytes());
    // An end in one piece is one for those behind it.
    CombineLaws::of("first_of", filtering(|x| *x > 4).apply(first_of())).check(bytes());
    // And for all, if it decides.
    CombineLaws::of("any_of", (any_of(|x: u8| x == 3), all_of(|x: u8| x < 7))).check(bytes());
    let words = flat_mapping(|x: u8| [x, x / 2]).apply((counting(), last_of(), frequencies(), expecting_single()));
    CombineLaws::of("a pipeline inside groups", grouping(|x: &u8| x % 3, words)).check(bytes());
}

/// Ordered by the first.
#[derive(Clone, Copy, Debug)]
struct Rank(u8, u8);

impl Ord for Rank {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}

impl PartialOrd for Rank {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Rank {
    fn eq(&self, other: &Self) -> bool {
        (self.0, self.1) == (other.0, other.1)
    }
}

impl Eq for Rank {}

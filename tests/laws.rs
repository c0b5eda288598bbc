//! The laws by name, each at the case that shows it best. Every stage is held to them in `stages.rs`.

use std::{
    cell::{Cell, RefCell},
    ops::ControlFlow,
    panic::{AssertUnwindSafe, catch_unwind},
};

use proptest::collection::vec;
use transducer::{laws::Laws, *};

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
fn law_7_a_serialized_state_goes_on_where_it_was() {
    let xf = || compose((skipping(1), deduping(), batching(2), enumerating()));
    let mut push = reactive_transduce(xf(), collection_sink(vec![]));
    let _ = [0, 1, 1, 2].into_iter().try_for_each(|item: u64| push.send(item));
    let (suspended, sink) = push.suspend();
    let text = serde_json::to_string(&suspended).unwrap();
    let mut resumed = resume(xf(), serde_json::from_str(&text).unwrap(), sink);
    let _ = [2, 3, 3, 4].into_iter().try_for_each(|item| resumed.send(item));
    assert_eq!(resumed.close(), transduce(xf(), appending(), [0, 1, 1, 2, 2, 3, 3, 4]));
}

#[test]
fn law_7_a_run_that_has_ended_stays_ended_when_resumed() {
    let mut push = reactive_transduce(taking_while(|x: &i32| *x < 2), collection_sink(vec![]));
    assert!(push.send(5).is_break());
    let (suspended, sink) = push.suspend();
    let mut resumed = resume(taking_while(|x: &i32| *x < 2), suspended, sink);
    assert!(resumed.send(1).is_break());
    assert!(resumed.close().is_empty());
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
        let _ = push.send(1);
        let _ = push.send(0);
    }));
    assert!(outcome.is_err());
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        let mut push = reactive_transduce(batching(2), sink);
        let _ = push.send(1);
        panic!("elsewhere");
    }));
    assert!(outcome.is_err());
    assert_eq!(*seen.borrow(), Vec::<Vec<i32>>::new());
}

#[test]
fn law_8_a_push_pipeline_that_has_panicked_wants_no_more() {
    let mut push = reactive_transduce(compose((mapping(|x: i32| 10 / x), batching(2))), collection_sink(vec![]));
    let _ = push.send(1);
    assert!(catch_unwind(AssertUnwindSafe(|| push.send(0))).is_err());
    assert!(push.send(1).is_break());
    assert_eq!(push.close(), Vec::<Vec<i32>>::new());
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
fn law_9_no_memory_is_reserved_for_a_size_that_is_only_claimed() {
    // Each would abort if it were.
    assert_eq!(transduce(batching(usize::MAX), appending(), 0..3), [[0, 1, 2]]);
    assert_eq!(transduce(windowing(usize::MAX), counting(), 0..3), 0);
    assert_eq!((0..3).transduce(repeating(usize::MAX)).size_hint(), (usize::MAX, None));
}

mod the_kit_finds {
    use super::*;

    /// What the kit says of a transducer that breaks a law.
    fn verdict<X: Transducer<u8, Out: Clone + PartialEq + std::fmt::Debug, State: Clone>>(xf: X) -> String {
        let outcome = catch_unwind(AssertUnwindSafe(|| Laws::of("it", xf).resuming().check(vec(0u8..9, 0..6))));
        *outcome.expect_err("a law is broken").downcast::<String>().expect("a message")
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
    fn state_that_leaks_from_one_run_into_the_next() {
        let count = |state: &Cell<u8>, _| {
            state.set(state.get().wrapping_add(1));
            Some(state.get())
        };
        let said = verdict(Made { step: count, hint: (0, None), state: Cell::new(0) });
        assert!(said.contains("it breaks the law «runs are independent» under stepping by hand"), "{said}");
        assert!(said.contains("smallest input: [0]"), "{said}");
    }

    #[test]
    fn a_size_hint_that_lies() {
        let said = verdict(Made { step: |_, item| Some(item), hint: (0, Some(2)), state: Cell::new(0) });
        assert!(said.contains("«size_hint never lies» under the lazy driver"), "{said}");
        assert!(said.contains("smallest input: [0, 0, 0]"), "{said}");
    }

    #[test]
    fn a_stage_that_is_not_like_its_equivalent() {
        let outcome = catch_unwind(|| {
            let evens = filtering(|x: &u8| x.is_multiple_of(2));
            Laws::of("evens", evens)
                .like(|input| input.into_iter().filter(|x| x % 3 == 0).collect())
                .check(vec(0u8..9, 0..6))
        });
        let said = *outcome.unwrap_err().downcast::<String>().unwrap();
        assert!(said.contains("evens breaks the law «drivers agree»") && said.contains("equivalent"), "{said}");
        assert!(said.contains("smallest input: [2]"), "{said}");
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
    fn a_one_to_one_that_lies() {
        assert!(verdict(NotOneToOne).contains("«SHAPE never lies»"));
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
    fn an_at_most_one_that_emits_two() {
        assert!(verdict(NotAtMostOne).contains("«SHAPE never lies»"));
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
    fn a_leftover_that_is_not_flushed() {
        let outcome = catch_unwind(|| Laws::of("it", Forgetful).like(|input| input).check(vec(0u8..9, 0..6)));
        let said = *outcome.unwrap_err().downcast::<String>().unwrap();
        assert!(said.contains("equivalent: [], expected [0]"), "{said}");
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
    fn a_stage_that_does_not_pass_break_on() {
        assert!(verdict(Deaf).contains("«nothing after Reduced» under stepping by hand: rule 2"));
    }

    #[test]
    fn a_composition_that_ends_though_a_stage_does_not_pass_break_on() {
        let deaf = compose((Deaf, taking(2)));
        Laws::of("deaf, taking(2)", deaf).like(|input| input.into_iter().take(2).collect()).check(vec(0u8..9, 0..6));
    }
}

//! What is defined at the edges: sizes of 0, sinks that fail, sources that are empty.

use std::{
    cell::{Cell, RefCell},
    io::{self, Write},
    panic::catch_unwind,
    rc::Rc,
    sync::{Arc, mpsc},
    time::Duration,
};

use transducer::{kernel::Run, reducers::ExpectedSingle, sources::PoissonSource, *};

/// The message of a panic.
fn panic_of<T>(f: impl FnOnce() -> T + std::panic::UnwindSafe) -> String {
    let panic = catch_unwind(f).err().expect("a panic");
    panic.downcast_ref::<String>().cloned().unwrap_or_else(|| panic.downcast_ref::<&str>().unwrap().to_string())
}

#[test]
fn sizes_of_zero_panic_at_construction_and_name_the_argument() {
    assert_eq!(panic_of(|| batching(0)), "`size` must be at least 1");
    assert_eq!(panic_of(|| batching_with(0, |batch: &[u8]| batch.len())), "`size` must be at least 1");
    assert_eq!(panic_of(|| windowing(0)), "`size` must be at least 1");
    assert_eq!(panic_of(|| windowing(1).step(0)), "`step` must be at least 1");
    assert_eq!(panic_of(|| pipeline::<u8>().chunks(0)), "`size` must be at least 1");
    assert_eq!(panic_of(|| windowing_with(0, |window: &[u8]| window.len())), "`size` must be at least 1");
    assert_eq!(panic_of(|| windowing_with(1, |window: &[u8]| window.len()).step(0)), "`step` must be at least 1");
    assert_eq!(panic_of(|| stepping_by(0)), "`step` must be at least 1");
    let time = |time: &i64| *time;
    for length in [0, -1, i64::MIN] {
        assert_eq!(panic_of(|| batching_by_time(length, time)), "`width` must be more than 0");
        assert_eq!(panic_of(|| windowing_by_time(length, 1, time)), "`width` must be more than 0");
        assert_eq!(panic_of(|| windowing_by_time(1, length, time)), "`every` must be more than 0 and at most `width`");
        assert_eq!(panic_of(|| sessioning(length, time)), "`gap` must be more than 0");
    }
    assert_eq!(panic_of(|| windowing_by_time(4, 5, time)), "`every` must be more than 0 and at most `width`");
    for probability in [-0.1, 1.1, f64::NAN, f64::INFINITY] {
        assert_eq!(panic_of(|| sampling(probability, 0)), "`probability` must be from 0 to 1");
        assert_eq!(try_sampling(probability, 0).unwrap_err().argument(), "probability");
    }
    for rate in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(panic_of(|| PoissonSource::new(rate)), "`rate` must be positive and finite");
        assert_eq!(PoissonSource::try_new(rate).unwrap_err().argument(), "rate");
    }
}

#[test]
fn sizes_of_zero_from_data_are_errors() {
    assert_eq!(try_batching(0).unwrap_err().argument(), "size");
    assert_eq!(try_windowing(0).unwrap_err().to_string(), "`size` must be at least 1");
    assert!(try_batching_with(0, |batch: &[u8]| batch.len()).is_err());
    assert_eq!(try_stepping_by(0).unwrap_err().argument(), "step");
    assert!(try_windowing_with(0, |window: &[u8]| window.len()).is_err());
    assert_eq!(try_batching_by_time(0, |time: &u32| *time).unwrap_err().argument(), "width");
    assert_eq!(try_windowing_by_time(1, 0, |time: &u32| *time).unwrap_err().argument(), "every");
    assert_eq!(try_sessioning(Duration::ZERO, |time: &Duration| *time).unwrap_err().argument(), "gap");
    assert_eq!(transduce(try_batching(2).unwrap(), appending(), [1, 2, 3]), [vec![1, 2], vec![3]]);
}

#[test]
fn nothing_in_makes_what_is_documented() {
    let none = || std::iter::empty::<i32>();
    assert_eq!(transduce(first(), appending(), none()), []);
    assert_eq!(transduce(last(), appending(), none()), []);
    assert_eq!(transduce(batching(2), counting(), none()), 0);
    assert_eq!(transduce(taking_last(2), appending(), none()), []);
    assert_eq!(transduce(prepending([1, 2]), appending(), none()), [1, 2]);
    assert_eq!(transduce(following_with([1, 2]), appending(), none()), [1, 2]);
    assert_eq!(transduce(batching_by(|x: &i32| *x), counting(), none()), 0);
    assert_eq!(transduce(sorting(), appending(), none()), []);
    assert_eq!(transduce(batching_by_time(1, |time: &i32| *time), counting(), none()), 0);
    assert_eq!(transduce(sessioning(1, |time: &i32| *time), counting(), none()), 0);
    assert_eq!(transduce(pipeline(), joining(", "), none()), "");
    assert_eq!(transduce(pipeline(), summing::<i32>(), none()), 0);
    assert_eq!(transduce(pipeline(), expecting_single(), none()), Err(ExpectedSingle::TooFew));
}

#[test]
fn a_float_sum_of_nothing_is_zero_as_std_has_it() {
    assert_eq!(transduce(pipeline(), summing::<f64>(), [0.0; 0]).to_bits(), [0.0f64; 0].iter().sum::<f64>().to_bits());
}

/// A writer that takes so many bytes and then fails.
struct Full(usize);

impl Write for Full {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0 < bytes.len() {
            return Err(io::Error::new(io::ErrorKind::StorageFull, "full"));
        }
        self.0 -= bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn an_error_of_a_printing_sink_ends_the_run_and_comes_out_of_close() {
    let mut push = reactive_transduce(mapping(|x: i32| x * 10), printing(Full(5)));
    assert!(push.send(1).is_continue());
    assert!(push.send(2).is_continue());
    assert!(push.send(3).is_break());
    assert!(push.send(4).is_break());
    assert_eq!(push.close().err().unwrap().kind(), io::ErrorKind::StorageFull);
}

#[test]
fn an_error_of_a_printing_sink_comes_out_of_every_driver_and_source() {
    let kind = |outcome: io::Result<Full>| outcome.err().unwrap().kind();
    assert_eq!(kind(transduce(pipeline(), sending(|| printing(Full(5))), 10..)), io::ErrorKind::StorageFull);
    assert_eq!(kind(iterable_source(10.., printing(Full(5)))), io::ErrorKind::StorageFull);
    // Not one that only the terminator meets, either.
    assert_eq!(kind(iterable_source(["12345"], printing(Full(5)))), io::ErrorKind::StorageFull);
}

#[test]
fn a_printing_sink_writes_separators_between_and_a_terminator_after() {
    let print = |items: &[&str]| iterable_source(items, printing(vec![]).separator(", ").terminator(".")).unwrap();
    assert_eq!(print(&["a", "b"]), b"a, b.");
    assert_eq!(print(&["a"]), b"a.");
    assert_eq!(print(&[""]), b".");
    assert_eq!(print(&[]), b".");
    assert_eq!(iterable_source([1, 2], printing(vec![])).unwrap(), b"1\n2\n");
}

#[test]
fn a_channel_sink_has_had_enough_when_the_receiver_is_gone() {
    let (sender, receiver) = mpsc::channel();
    let mut push = reactive_transduce(mapping(|x: i32| x + 1), sender);
    assert!(push.send(1).is_continue());
    assert_eq!(receiver.recv(), Ok(2));
    drop(receiver);
    assert!(push.send(2).is_break());
    push.close();
}

#[test]
fn closing_a_channel_sink_ends_the_receiver() {
    let (sender, receiver) = mpsc::sync_channel(1);
    let producer = std::thread::spawn(|| iterable_source(0..100, reactive_transduce(batching(30), sender)));
    let sizes =
        receiver_source(receiver, reactive_transduce(mapping(|batch: Vec<i32>| batch.len()), collection_sink(vec![])));
    producer.join().unwrap();
    assert_eq!(sizes, [30, 30, 30, 10]);
}

#[test]
fn pipelines_chain_as_each_others_sinks() {
    let seen = Rc::new(RefCell::new(vec![]));
    let sink = |batch: Vec<i32>| seen.borrow_mut().push(batch);
    let inner = reactive_transduce(compose((batching(2), taking(2))), sink);
    let mut outer = reactive_transduce(repeating(3), inner);
    assert!(outer.send(1).is_continue());
    assert!(outer.send(2).is_break());
    outer.close();
    assert_eq!(*seen.borrow(), [[1, 1], [1, 2]]);
}

#[test]
fn a_dropped_pipeline_flushes_through_the_whole_chain() {
    let seen = RefCell::new(vec![]);
    let inner = reactive_transduce(batching(3), |batch: Vec<i32>| seen.borrow_mut().push(batch));
    let mut outer = reactive_transduce(windowing(2), reactive_transduce(flattening(), inner));
    let _ = [1, 2, 3].into_iter().try_for_each(|item| outer.send(item).into_step());
    drop(outer);
    assert_eq!(*seen.borrow(), [vec![1, 2, 2], vec![3]]);
}

#[test]
fn a_closure_sink_can_end_the_run() {
    let mut seen = vec![];
    let sink = |item: i32| {
        seen.push(item);
        if item == 2 { std::ops::ControlFlow::Break(Reduced) } else { std::ops::ControlFlow::Continue(()) }
    };
    iterable_source(0.., reactive_transduce(mapping(|x: i32| x * 2), sink));
    assert_eq!(seen, [0, 2]);
}

#[test]
fn poisson_gaps_are_exponential_and_the_same_for_a_seed() {
    let gaps = |seed| {
        let mut gaps: Vec<Duration> = vec![];
        PoissonSource::new(4.0).seed(seed).sleeper(|gap| gaps.push(gap)).run(0..20_000, null_sink());
        gaps
    };
    let seen = gaps(7);
    assert_eq!(seen, gaps(7));
    assert_ne!(seen, gaps(8));
    // Mean and standard deviation are both 1/4 s, and exp(-1) of the gaps are longer than the mean.
    let seconds: Vec<f64> = seen.iter().map(Duration::as_secs_f64).collect();
    let mean = seconds.iter().sum::<f64>() / 20_000.0;
    let variance = seconds.iter().map(|gap| (gap - mean).powi(2)).sum::<f64>() / 20_000.0;
    let longer = seconds.iter().filter(|gap| **gap > 0.25).count() as f64 / 20_000.0;
    assert!((mean - 0.25).abs() < 0.01, "{mean}");
    assert!((variance.sqrt() - 0.25).abs() < 0.01, "{variance}");
    assert!((longer - (-1f64).exp()).abs() < 0.02, "{longer}");
}

#[test]
fn references_and_boxes_are_transducers_and_references_reducers() {
    let xf = mapping(|x: i32| x + 1);
    let erased = boxed(&xf);
    assert_eq!(transduce(&&xf, &appending(), [1]), [2]);
    assert_eq!(transduce(&erased.clone(), appending(), [1]), [2]);
    assert_eq!(transduce(Box::new(xf), appending(), [1]), [2]);
    assert_eq!(transduce(Arc::new(xf), appending(), [1]), [2]);
    assert_eq!(transduce(compose((&xf, erased)), appending(), [1]), [3]);
}

#[test]
fn transduce_from_goes_on_from_what_is_there() {
    let xf = batching(2);
    assert_eq!(transduce_from(xf, appending(), 1..=3, vec![vec![0]]), [vec![0], vec![1, 2], vec![3]]);
    // An accumulator that wants nothing is left alone, and so is the source.
    let mut source = 1..=3;
    let wants_nothing = taking(0).apply(appending());
    assert_eq!(transduce(pipeline(), &wants_nothing, source.by_ref()), []);
    assert_eq!(source, 1..=3);
}

#[test]
fn the_largest_counts_are_no_overflow_and_reserve_nothing() {
    const MOST: usize = usize::MAX;
    assert_eq!(transduce(taking_last(MOST), appending(), [1, 2]), [1, 2]);
    assert_eq!(transduce(skipping_last(MOST), appending(), [1, 2]), []);
    assert_eq!(transduce(stepping_by(MOST), appending(), [1, 2]), [1]);
    assert_eq!(transduce(element_at(MOST), appending(), [1, 2]), []);
    assert_eq!(transduce(windowing_with(MOST, |window: &[i32]| window.len()), appending(), [1, 2]), []);
    let endless = || std::iter::repeat(1);
    assert_eq!(endless().transduce(prepending([0])).size_hint(), (MOST, None));
    assert_eq!(endless().transduce(following_with([0])).size_hint(), (MOST, None));
    assert_eq!(endless().transduce(skipping_last(2)).size_hint(), (MOST - 2, None));
}

#[test]
fn what_is_put_before_or_after_may_be_endless() {
    assert_eq!(transduce(compose((prepending(7..), taking(3))), appending(), [1]), [7, 8, 9]);
    assert_eq!(transduce(compose((prepending(7..), taking(3))), appending(), [0; 0]), [7, 8, 9]);
    assert_eq!(transduce(compose((following_with(7..), taking(3))), appending(), [1]), [1, 7, 8]);
}

#[test]
fn what_is_made_of_an_item_may_be_endless_and_is_made_as_it_is_asked_for() {
    let made = Cell::new(0);
    let upwards = || flat_mapping(|x: u64| (x..).inspect(|_| made.set(made.get() + 1)));
    let mut numbers = [5, 50].into_iter().transduce(upwards());
    assert_eq!(numbers.by_ref().take(3).collect::<Vec<_>>(), [5, 6, 7]);
    assert_eq!(made.get(), 3);
    assert_eq!(numbers.find(|x| x % 100 == 0), Some(100), "from inside, too, and nothing is skipped");

    let first_three = |run: &mut dyn Iterator<Item = u64>| run.take(3).collect::<Vec<_>>();
    let endless = |x: u64| x..;
    assert_eq!(first_three(&mut [5, 6].into_iter().transduce(boxed(flat_mapping(endless)))), [5, 6, 7]);
    assert_eq!(first_three(&mut [5, 6].into_iter().transduce(compose((taking(1), flat_mapping(endless))))), [5, 6, 7]);
    let nested = compose((flat_mapping(endless), filtering(|x| x % 4 == 0), flat_mapping(endless)));
    assert_eq!(first_three(&mut [5, 6].into_iter().transduce(nested)), [8, 9, 10]);
    let ended = compose((flat_mapping(endless), taking(2), repeating(usize::MAX)));
    assert_eq!(first_three(&mut [5, 6].into_iter().transduce(ended)), [5, 5, 5]);
    assert_eq!(first_three(&mut [vec![1], vec![], vec![2, 3]].into_iter().transduce(flattening())), [1, 2, 3]);
}

#[test]
fn what_follows_comes_after_an_end_upstream_and_not_after_one_downstream() {
    assert_eq!(transduce(compose((taking(0), following_with([8, 9]))), appending(), 1..), [8, 9]);
    assert_eq!(transduce(compose((taking(1), prepending([8, 9]))), appending(), 1..), [8, 9, 1]);
    let taken = compose((following_with([8, 9]), taking_until(|x: &i32| *x == 2), following_with([7])));
    assert_eq!(transduce(taken, appending(), 1..), [1, 2, 7]);
}

#[test]
fn taking_the_last_0_takes_no_input() {
    let mut source = 1..;
    assert_eq!(transduce(taking_last(0), appending(), source.by_ref()), []);
    assert_eq!(source.next(), Some(1));
}

#[test]
fn sampling_goes_by_its_seed_and_keeps_its_share() {
    let kept = |probability, seed| transduce(sampling(probability, seed), appending(), 0..20_000);
    assert_eq!(kept(0.3, 1), kept(0.3, 1));
    assert_ne!(kept(0.3, 1), kept(0.3, 2));
    // Six standard deviations either side.
    assert!((5_610..6_390).contains(&kept(0.3, 1).len()), "{}", kept(0.3, 1).len());
    assert_eq!(kept(0.0, 1), []);
    assert_eq!(kept(1.0, 1).len(), 20_000);
}

#[test]
fn a_sort_keeps_equal_items_in_the_order_they_came() {
    let words = ["bb", "a", "cc", "d", "aa"];
    assert_eq!(transduce(sorting_by_key(|word: &&str| word.len()), appending(), words), ["a", "d", "bb", "cc", "aa"]);
    let by_length = |a: &&str, b: &&str| b.len().cmp(&a.len());
    assert_eq!(transduce(sorting_by(by_length), appending(), words), ["bb", "cc", "aa", "a", "d"]);
}

#[test]
fn a_run_refuses_an_item_while_something_may_be_left_of_the_one_before() {
    let mut run = Run::new(repeating(2));
    assert_eq!(run.step('a'), Some('a'));
    let panic = panic_of(std::panic::AssertUnwindSafe(|| run.step('b')));
    assert!(panic.starts_with("rule 4 of the protocol"), "{panic}");
    // Nothing was lost by that.
    assert_eq!((run.resume(), run.resume()), (Some('a'), None));
    assert_eq!(run.step('b'), Some('b'));
    // Of a stage that makes one item at most nothing can be left.
    let mut run = Run::new(mapping(|x: u8| x + 1));
    assert_eq!((run.step(1), run.step(2)), (Some(2), Some(3)));
}

/// Is due at once, for ever.
struct Stuck;

impl Transducer<u8> for Stuck {
    type Out = u8;
    type State = ();

    const SHAPE: Shape = Shape::AT_MOST_ONE.timed();

    fn initial(&self) {}

    fn step(&self, _: &mut (), item: u8, out: &mut impl Emit<u8>) -> Step {
        out.emit(item)
    }

    fn deadline(&self, _: &()) -> Option<Time> {
        Some(Time::from_nanos(0))
    }
}

#[test]
fn a_run_whose_deadline_does_not_move_on_is_stopped() {
    let mut run = Run::new(Stuck);
    let panic = panic_of(std::panic::AssertUnwindSafe(|| run.advance(Time::from_nanos(1))));
    assert!(panic.starts_with("rule 3 of the protocol"), "{panic}");
}

//! Whoever takes one output has about one made: no stage makes all of what it could for one `next()`, whatever it is
//! behind or inside of. The cases that show it best; every stage in every wrapper is held to it in `vocabulary/laziness.rs`.

use std::{
    cell::Cell,
    fmt::Debug,
    iter::{repeat, repeat_n},
    task::{Context, Poll, Waker},
};

use futures::{StreamExt, stream};
use transducer::*;

/// Counts the items that are taken from an iterator.
fn counted<I: Iterator>(items: I, made: &Cell<usize>) -> impl Iterator<Item = I::Item> {
    items.inspect(|_| made.set(made.get() + 1))
}

/// Fails unless the first `next()` makes no more than two items, and each further one no more than one.
fn is_lazy<T: Debug>(name: &str, made: &Cell<usize>, mut outputs: impl Iterator<Item = T>) {
    for count in 1..=5 {
        assert!(outputs.next().is_some(), "{name}");
        assert!((1..=count + 1).contains(&made.get()), "{name}: {} items were made for {count}", made.get());
    }
    made.set(0);
}

#[test]
fn stages_that_expand_inside_others_make_one_item_for_one_output() {
    let made = &Cell::new(0);
    let upwards = || flat_mapping(|x: u32| counted(x.., made));
    let oks = || [1, 2].into_iter().map(Ok::<u32, ()>);
    let somes = || [1, 2].into_iter().map(Some);
    let ones = || [1, 2].into_iter();
    is_lazy("on_ok", made, oks().transduce(on_ok(upwards())));
    is_lazy("on_some", made, somes().transduce(on_some(upwards())));
    is_lazy("by_key", made, ones().transduce(by_key(|x: &u32| x % 2, upwards())));
    is_lazy("fan_out, first", made, ones().transduce(fan_out((upwards(), mapping(|x| x)))));
    is_lazy("fan_out, last", made, ones().transduce(fan_out((filtering(|_: &u32| false), upwards()))));

    let each = || mapping(|x: u32| counted(x.., made));
    is_lazy("flattening in on_some", made, somes().transduce(on_some(compose((each(), flattening())))));
    is_lazy("flattening in by_key", made, ones().transduce(by_key(|_: &u32| (), compose((each(), flattening())))));
    let repeated = || compose((repeating(usize::MAX), inspecting(|_: &u32| made.set(made.get() + 1))));
    is_lazy("repeating in on_ok", made, oks().transduce(on_ok(repeated())));
    is_lazy("repeating in fan_out", made, ones().transduce(fan_out((repeated(), repeated()))));
}

#[test]
fn stages_that_expand_behind_others_make_one_item_for_one_output() {
    let made = &Cell::new(0);
    let upwards = || flat_mapping(|x: u32| counted(x.., made));
    let ones = || [1, 2].into_iter();
    is_lazy("last", made, ones().transduce(compose((last(), upwards()))));
    is_lazy("prepending", made, ones().transduce(compose((prepending([7, 8]), upwards()))));
    is_lazy("prepending, no input", made, [0; 0].into_iter().transduce(compose((prepending([7, 8]), upwards()))));
    is_lazy("fan_out", made, ones().transduce(compose((fan_out((mapping(|x| x), repeating(2))), upwards()))));
    is_lazy("sorting", made, ones().transduce(compose((sorting(), upwards()))));
}

#[test]
fn endless_items_of_the_last_item_end_when_downstream_has_had_enough() {
    let last_again = (1..3).transduce(compose((last(), flat_mapping(repeat::<i32>)))).take(3);
    assert_eq!(last_again.collect::<Vec<_>>(), [2, 2, 2]);
    let lifted = [None, Some(4)].into_iter().transduce(on_some(flat_mapping(repeat::<i32>))).take(3);
    assert_eq!(lifted.collect::<Vec<_>>(), [None, Some(4), Some(4)]);
}

#[test]
fn the_first_poll_of_a_stream_makes_one_item() {
    let made = &Cell::new(0);
    let many = on_ok(flat_mapping(|_| counted(0..50_000_000, made)));
    let mut outputs = stream::iter([Ok::<u8, ()>(1)]).transduce(many);
    let first = outputs.poll_next_unpin(&mut Context::from_waker(Waker::noop()));
    assert_eq!(first, Poll::Ready(Some(Ok(0))));
    assert!(made.get() <= 2, "{} items were made", made.get());
}

#[test]
fn what_is_put_before_or_after_may_be_endless_lazily() {
    let first = |outputs: &mut dyn Iterator<Item = u32>| outputs.take(4).collect::<Vec<_>>();
    assert_eq!(first(&mut [1, 2].into_iter().transduce(following_with(7..))), [1, 2, 7, 8]);
    assert_eq!(first(&mut [1, 2].into_iter().transduce(prepending(7..))), [7, 8, 9, 10]);
    assert_eq!(first(&mut [0; 0].into_iter().transduce(prepending(7..))), [7, 8, 9, 10]);
    let inside = compose((by_key(|_: &u32| (), following_with(7..)), mapping(|((), x)| x)));
    assert_eq!(first(&mut [1, 2].into_iter().transduce(inside)), [1, 2, 7, 8]);
    let branches = fan_out((following_with(7..), mapping(|x| x * 10)));
    assert_eq!(first(&mut [1].into_iter().transduce(branches)), [1, 10, 7, 8]);
    let nested = compose((following_with(repeat_n(3, usize::MAX)), following_with(4..), repeating(usize::MAX)));
    assert_eq!(first(&mut [0; 0].into_iter().transduce(nested)), [3, 3, 3, 3]);
}

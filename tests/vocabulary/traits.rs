//! What every type of the crate can be expected to do: `Send`, `Sync`, `Unpin`, `Clone`, `Debug`.

use std::fmt::Debug;

use transducer::{
    kernel::{Run, RunState},
    *,
};

fn is_plain_data<T: Send + Sync + Unpin + Clone + Debug + 'static>(_: &T) {}

#[test]
fn recipes_states_and_runs_are_plain_data() {
    let xf = compose((mapping(|x: u8| x), batching(2), windowing(2)));
    is_plain_data(&xf);
    is_plain_data(&Transducer::<u8>::initial(&xf));
    is_plain_data(&pipeline::<u8>().map(|x| x).chunks(2));
    is_plain_data(&[1u8].into_iter().transduce(xf));
    is_plain_data(&appending().map_output(|items: Vec<u8>| items));
    is_plain_data(&xf.apply(appending()));
    is_plain_data(&collecting::<Vec<u8>>());
    is_plain_data(&summing::<u8>());
    is_plain_data(&Run::<u8, _>::new(xf));
    is_plain_data(&RunState::new::<u8>(&xf));
    is_plain_data(&Transducer::<u8>::initial(&flat_mapping(|x: u8| 0..x)));
    is_plain_data(&boxed::<u8, _>(xf));
    is_plain_data(&boxed_timed::<u8, _>(xf));
    is_plain_data(&reactive_transduce::<u8, _, _>(xf, null_sink()).suspend().0);
}

#[test]
fn what_holds_the_users_types_is_as_able_as_they_are() {
    // `Rc` is neither `Send` nor `Sync`; what only passes it on is both.
    fn is_send_and_sync<T: Send + Sync>(_: &T) {}
    is_send_and_sync(&pipeline::<std::rc::Rc<u8>>().map(|x| x).take(1));
    is_send_and_sync(&appending().map_output(|items: Vec<std::rc::Rc<u8>>| items));
    fn is_unpin_and_debug<T: Unpin + Debug>(_: &T) {}
    is_unpin_and_debug(&reactive_transduce(taking(1), |_: u8| {}));
    is_unpin_and_debug(&Transducer::initial(&boxed::<u8, _>(taking(1))));
    is_unpin_and_debug(&unbounded(|_: u8| Step::Continue(())));
}

#[test]
fn compositions_print_flat_and_closures_as_their_type() {
    let squares = |x: u32| x * x;
    let shown = format!("{:?}", compose((taking(2), compose((mapping(squares), batching(3))), first())));
    let mapping = format!("Mapping {{ f: {} }}", std::any::type_name_of_val(&squares));
    assert_eq!(
        shown,
        format!("Taking {{ count: 2 }} | {mapping} | Batching {{ size: 3, make: Whole }} | Taking {{ count: 1 }}")
    );
    assert_eq!(
        format!("{:?}", pipeline::<u8>().take(2).first()),
        "Identity | Taking { count: 2 } | Taking { count: 1 }"
    );
    let lazy = format!("{:?}", [1u8].into_iter().transduce(taking(2)));
    assert_eq!(lazy, "LazyTransduce { xf: Taking { count: 2 }, source: IntoIter([1]), .. }");
}

#[test]
fn a_cloned_lazy_run_goes_on_by_itself() {
    let mut items = (1..=5).transduce(repeating(2));
    items.next();
    let mut twin = items.clone();
    assert_eq!(twin.by_ref().take(2).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(items.count(), 9);
    assert_eq!(twin.count(), 7);
}

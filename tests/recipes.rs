//! Recipes that are shared, boxed or marked are those that are inside.

use std::{cell::Cell, ops::ControlFlow, rc::Rc, sync::Arc, time::Duration};

use proptest::{collection::vec, prelude::*};
use transducer::{
    Emit, LocalBoxed, LocalTimedBoxed, OneToOne, Shape, Step, Time, Transducer, boxed_local_timed,
    kernel::Run,
    laws::{Laws, Probe},
    prelude::*,
};

/// Makes less, as much and more than one output of an item, keeps some, and ends.
fn mixed() -> impl Transducer<u32, Out = Vec<u32>, State: Clone> + Clone {
    compose((filtering(|x: &u32| x % 5 != 0), flat_mapping(|x: u32| 0..x % 4), batching(2), taking(7)))
}

fn by_hand(items: Vec<u32>) -> Vec<Vec<u32>> {
    let made: Vec<_> = items.into_iter().filter(|x| x % 5 != 0).flat_map(|x| 0..x % 4).collect();
    made.chunks(2).map(<[u32]>::to_vec).take(7).collect()
}

#[test]
fn a_recipe_behind_a_pointer_holds_the_laws_of_what_it_points_to() {
    let items = || vec(0u32..12, 0..20);
    Laws::of("Rc", Rc::new(mixed())).like(by_hand).resuming().cases(64).check(items());
    Laws::of("Arc", Arc::new(mixed())).like(by_hand).resuming().cases(64).check(items());
    Laws::of("Box", Box::new(mixed())).like(by_hand).resuming().cases(64).check(items());
    Laws::of("&", &mixed()).like(by_hand).resuming().cases(64).check(items());
    Laws::of("boxed_local", boxed_local(mixed())).like(by_hand).cases(64).check(items());
}

#[test]
fn what_is_inside_a_local_box_is_driven_by_the_rules() {
    for probe in [Probe::new(), Probe::ending_after(2), Probe::ending_after(0)] {
        let holds = |name: &str, xf: LocalBoxed<i32, i32>| {
            Laws::of(name, xf).probed(&probe).cases(16).check(vec(0..4i32, 0..6));
        };
        holds("boxed_local", boxed_local(probe.clone()));
        holds("Rc", boxed_local(Rc::new(probe.clone())));
        holds("pipeline", pipeline::<i32>().then(probe.clone()).boxed_local());
    }
}

#[test]
fn a_local_box_takes_what_stays_on_its_thread_and_its_clones_share_it() {
    let calls = Rc::new(Cell::new(0));
    let count = {
        let calls = Rc::clone(&calls);
        pipeline::<u32>().inspect(move |_| calls.set(calls.get() + 1)).boxed_local()
    };
    let stages = [count.clone(), boxed_local(taking(2)), count];
    let all = stages.into_iter().reduce(|first, next| boxed_local(compose((first, next)))).unwrap();
    assert_eq!((1..).transduce(&all).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(calls.get(), 4);
    assert_eq!((format!("{all:?}"), all.shape()), ("LocalBoxed".into(), Shape::AT_MOST_ONE));
}

#[test]
fn a_local_box_makes_no_more_than_it_is_asked_for() {
    let made = Rc::new(Cell::new(0));
    let counted = {
        let made = Rc::clone(&made);
        flat_mapping(move |from: u32| {
            let made = Rc::clone(&made);
            (from..).inspect(move |_| made.set(made.get() + 1))
        })
    };
    let mut outputs = [5].into_iter().transduce(boxed_local(counted));
    assert_eq!((outputs.next(), outputs.next(), made.get()), (Some(5), Some(6), 2));
}

/// Emits each item a second later.
struct Late;

impl Transducer<char> for Late {
    type Out = char;
    type State = Option<(Time, char)>;

    const SHAPE: Shape = Shape::AT_MOST_ONE.timed();

    fn initial(&self) -> Self::State {
        None
    }

    fn step(&self, held: &mut Self::State, item: char, out: &mut impl Emit<char>) -> Step {
        *held = out.now().checked_add(Duration::from_secs(1)).map(|due| (due, item));
        ControlFlow::Continue(())
    }

    fn deadline(&self, held: &Self::State) -> Option<Time> {
        held.map(|(due, _)| due)
    }

    fn advance(&self, held: &mut Self::State, out: &mut impl Emit<char>) -> Step {
        held.take().map_or(ControlFlow::Continue(()), |(_, item)| out.emit(item))
    }
}

#[test]
fn a_local_box_passes_deadlines_on() {
    let second = |count: i128| Time::from_nanos(count * 1_000_000_000);
    let late: LocalTimedBoxed<char, char> = boxed_local_timed(compose((Late, repeating(2))));
    let mut run = Run::new(late);
    assert_eq!(run.advance(second(4)), None);
    assert_eq!(run.step('a'), None);
    assert_eq!(run.deadline(), Some(second(5)));
    assert_eq!([run.advance(second(9)), run.advance(second(9)), run.advance(second(9))], [Some('a'), Some('a'), None]);
}

/// What is marked has the shape of it, and knows the number of its outputs at every point.
fn knows_its_length<In: Clone, X: Transducer<In> + OneToOne>(xf: X, items: &[In]) {
    assert_eq!(X::SHAPE, Shape::ONE);
    let mut outputs = items.iter().cloned().transduce(&xf);
    for left in (1..=items.len()).rev() {
        assert_eq!(outputs.len(), left);
        assert!(outputs.next().is_some());
    }
    assert_eq!((outputs.len(), outputs.next().is_none()), (0, true));
}

proptest! {
    #[test]
    fn a_lazy_run_that_makes_one_of_each_knows_its_length(items in vec(0u32..9, 0..9)) {
        let double = || mapping(|x: u32| x * 2);
        knows_its_length(double(), &items);
        knows_its_length::<u32, _>(enumerating(), &items);
        knows_its_length(inspecting(|_: &u32| {}), &items);
        knows_its_length(replacing(|x: &u32| (*x > 4).then_some(4)), &items);
        knows_its_length(pipeline::<u32>(), &items);
        knows_its_length(pipeline::<u32>().map(|x| x + 1).enumerate(), &items);
        knows_its_length(compose((double(), enumerating(), inspecting(|_: &(usize, u32)| {}))), &items);
        knows_its_length(compose((&Rc::new(double()), Arc::new(Box::new(double())))), &items);
        let results: Vec<_> = items.iter().map(|x| if x % 3 == 0 { Err(*x) } else { Ok(*x) }).collect();
        knows_its_length(on_ok(double()), &results);
        let options: Vec<_> = results.iter().map(|x| x.ok()).collect();
        knows_its_length(on_some(double()), &options);
    }
}

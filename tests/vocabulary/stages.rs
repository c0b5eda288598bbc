//! Every stage of the table: the laws, its equivalent, its fluent method.

use std::{cell::Cell, rc::Rc};

use crate::table::{Source, cases, config, inputs, rows};
use proptest::prelude::*;
use transducer::{Boxed, TransduceIterator, appending, laws::Law, transduce};

#[test]
fn every_stage_keeps_every_law_under_every_driver() {
    for row in rows() {
        (0..6).for_each(row.check_laws);
    }
    let combinations = rows().count() * Law::ALL.iter().map(|law| law.drivers().len()).sum::<usize>();
    println!("{combinations} combinations of stage, law and driver, each over 6 parameters and {} inputs", cases(32));
}

proptest! {
    #![proptest_config(config(64))]

    #[test]
    fn fluent_methods_are_the_free_functions(input in inputs(), n in 0..6usize) {
        for row in rows() {
            let run = |xf: Boxed<_, _>| transduce(xf, appending(), input.iter().cloned());
            prop_assert_eq!(run((row.fluent)(n)), run((row.stage)(n)), "{} and {}", row.method, row.name);
        }
    }

    #[test]
    fn stages_take_no_more_input_than_iterator_adaptors_for_the_same_outputs(
        input in inputs(),
        n in 0..6usize,
        wanted in 0..6usize,
    ) {
        for row in rows() {
            let counted = || {
                let pulled = Rc::new(Cell::new(0));
                let counter = Rc::clone(&pulled);
                (Box::new(input.clone().into_iter().inspect(move |_| counter.set(counter.get() + 1))) as Source, pulled)
            };
            let (ours, pulled_by_us) = counted();
            let (theirs, pulled_by_them) = counted();
            let seen: Vec<_> = ours.transduce((row.stage)(n)).take(wanted).collect();
            let expected: Vec<_> = (row.equivalent)(n, theirs).take(wanted).collect();
            prop_assert_eq!(seen, expected, "{}", row.name);
            prop_assert!(pulled_by_us <= pulled_by_them, "{}: {:?} > {:?}", row.name, pulled_by_us, pulled_by_them);
        }
    }
}

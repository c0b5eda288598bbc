use alloc::vec::Vec;
use core::ops::ControlFlow;

use crate::kernel::{Combine, Ending, Outline, Reducer, Step};

/// Gives a `Vec` of all items, in order.
///
/// - **Memory**: all items.
/// - **Like**: `Iterator::collect` into a `Vec`; Clojure `conj`. For other collections use
///   [`collecting`](crate::collecting).
///
/// ```
/// use transducer::prelude::*;
///
/// assert_eq!(transduce(mapping(|x: i32| x * 2), appending(), [1, 2, 3]), [2, 4, 6]);
/// ```
#[doc(alias("to_vec", "conj", "collect", "to_list"))]
pub fn appending() -> Appending {
    Appending
}

/// The reducer of [`appending`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a reducer is a recipe: it does nothing until a driver runs it"]
pub struct Appending;

impl<In> Reducer<In> for Appending {
    type Acc = Vec<In>;
    type Output = Vec<In>;

    #[inline]
    fn initial(&self) -> Vec<In> {
        Vec::new()
    }

    #[inline]
    fn step(&self, acc: &mut Vec<In>, item: In) -> Step {
        acc.push(item);
        ControlFlow::Continue(())
    }

    #[inline]
    fn complete(&self, acc: Vec<In>) -> Vec<In> {
        acc
    }

    #[inline]
    fn step_all(&self, acc: &mut Vec<In>, items: impl Iterator<Item = In>) -> Step {
        acc.extend(items);
        ControlFlow::Continue(())
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("appending");
    }
}

impl<In> Combine<In> for Appending {
    const ENDING: Ending = Ending::Never;

    #[inline]
    fn combine(&self, acc: &mut Vec<In>, mut later: Vec<In>) -> Step {
        if acc.is_empty() {
            *acc = later;
        } else {
            acc.append(&mut later);
        }
        ControlFlow::Continue(())
    }
}

use core::ops::ControlFlow;

use crate::kernel::{Outline, Reducer, Step, debug::debug_closures};

/// Gives what `f` makes of all items by changing an accumulator in place, starting from what `initial` returns.
///
/// The accumulator is neither cloned nor moved, so it may be large, or a type that is not `Clone`.
///
/// - **Memory**: one accumulator.
/// - **Like**: `Iterator::fold` with a closure that takes `&mut`; Java `collect(supplier, accumulator, ..)`.
///
/// ```
/// use transducer::prelude::*;
///
/// let letters = folding_mut(|| [0; 26], |counts: &mut [u32; 26], letter: u8| counts[usize::from(letter - b'a')] += 1);
/// assert_eq!(transduce(filtering(u8::is_ascii_lowercase), letters, *b"be a bee!")[..5], [1, 2, 0, 0, 3]);
/// ```
#[doc(alias("fold", "accumulate", "aggregate", "inject"))]
pub fn folding_mut<In, A, I: Fn() -> A, F: Fn(&mut A, In)>(initial: I, f: F) -> FoldingMut<I, F> {
    FoldingMut { initial, f }
}

/// The reducer of [`folding_mut`].
#[derive(Clone, Copy)]
#[must_use = "a reducer is a recipe: it does nothing until a driver runs it"]
pub struct FoldingMut<I, F> {
    initial: I,
    f: F,
}

impl<In, A, I: Fn() -> A, F: Fn(&mut A, In)> Reducer<In> for FoldingMut<I, F> {
    type Acc = A;
    type Output = A;

    #[inline]
    fn initial(&self) -> A {
        (self.initial)()
    }

    #[inline]
    fn step(&self, acc: &mut A, item: In) -> Step {
        (self.f)(acc, item);
        ControlFlow::Continue(())
    }

    #[inline]
    fn complete(&self, acc: A) -> A {
        acc
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("folding_mut");
    }
}

debug_closures!(FoldingMut<I, F> {; initial, f});

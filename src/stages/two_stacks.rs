//! A window that moves over the items, and what a reducer makes of it.

use alloc::vec::Vec;

use crate::kernel::{Combine, Ending, InvalidState};

/// The state of [`rolling`](crate::rolling): the accumulators of the items in a window, combined so that an item more or
/// less takes a few combinations, however long the window is.
///
/// Two stacks, one behind the other. From the front one items leave: each of its accumulators has in it all that come
/// behind it in that stack. To the back one items are added; all of it is combined in `back`. When the front is empty, the
/// back becomes the front. Nothing is ever taken out of an accumulator, so any `Combine` works.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct TwoStacks<A> {
    accs: Vec<A>,
    /// How many at the beginning have left.
    left: usize,
    /// Where the back begins.
    front: usize,
    back: A,
    /// How many have come, to tell the pieces of a sample apart.
    number: u64,
}

impl<A: Clone> TwoStacks<A> {
    pub(super) fn new<In>(reducer: &impl Combine<In, Acc = A>) -> Self {
        Self { accs: Vec::new(), left: 0, front: 0, back: reducer.initial(), number: 0 }
    }

    /// How many items are in the window.
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.accs.len() - self.left
    }

    /// Adds an item at the back.
    #[inline]
    pub(super) fn push<In>(&mut self, reducer: &impl Combine<In, Acc = A>, item: In) {
        let mut acc = reducer.initial_of_piece(self.number);
        self.number = self.number.wrapping_add(1);
        if !reducer.is_reduced(&acc) {
            let _ = reducer.step(&mut acc, item);
        }
        combine(reducer, &mut self.back, acc.clone());
        self.accs.push(acc);
    }

    /// Removes the first item, of one or more.
    #[inline]
    pub(super) fn pop<In>(&mut self, reducer: &impl Combine<In, Acc = A>) {
        if self.left == self.front {
            self.turn(reducer);
        }
        self.left += 1;
    }

    /// Makes the back the front.
    #[cold]
    #[inline(never)]
    fn turn<In>(&mut self, reducer: &impl Combine<In, Acc = A>) {
        self.accs.drain(..self.left);
        self.left = 0;
        self.front = self.accs.len();
        self.back = reducer.initial();
        let mut behind: Option<A> = None;
        for acc in self.accs.iter_mut().rev() {
            if let Some(behind) = behind {
                combine(reducer, acc, behind);
            }
            behind = Some(acc.clone());
        }
    }

    /// What the reducer makes of the window.
    #[inline]
    pub(super) fn output<In, R: Combine<In, Acc = A>>(&self, reducer: &R) -> R::Output {
        let acc = if self.left == self.front {
            self.back.clone()
        } else {
            let mut front = self.accs[self.left].clone();
            combine(reducer, &mut front, self.back.clone());
            front
        };
        reducer.complete(acc)
    }

    /// Checks what comes from outside.
    pub(super) fn validate<In>(
        &mut self,
        reducer: &impl Combine<In, Acc = A>,
        stage: &'static str,
    ) -> Result<(), InvalidState> {
        let in_order = self.left <= self.front && self.front <= self.accs.len();
        InvalidState::unless(in_order, stage, "its window ends before it begins")?;
        self.accs.iter_mut().chain([&mut self.back]).try_for_each(|acc| reducer.validate(acc))
    }
}

/// Adds a later accumulator, unless this one has ended.
#[inline(always)]
fn combine<In, R: Combine<In>>(reducer: &R, acc: &mut R::Acc, later: R::Acc) {
    if R::ENDING == Ending::Never || !reducer.is_reduced(acc) {
        let _ = reducer.combine(acc, later);
    }
}

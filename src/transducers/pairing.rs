use core::ops::ControlFlow;

use crate::{Compose, Pipeline, SizeHint, Step, Transducer};

/// Emits each item but the first, as it comes, in a pair behind the one that came before it.
///
/// Of fewer than two items it emits nothing. Keeps a clone of one item. itertools' `tuple_windows`, for
/// pairs; Python's `pairwise`.
///
/// ```
/// use transducer::{TransduceIterator, compose, mapping, pairing};
///
/// let differences = compose((pairing(), mapping(|(before, after): (i32, i32)| after - before)));
/// assert_eq!([1, 4, 9, 16].into_iter().transduce(differences).collect::<Vec<_>>(), [3, 5, 7]);
/// ```
#[doc(alias("tuple_windows", "pairwise"))]
pub fn pairing() -> Pairing {
    Pairing
}

/// The transducer that [`pairing`] makes.
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Pairing;

/// The state of [`Pairing`]: the item that came last.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct PairingState<T> {
    before: Option<T>,
}

impl<In: Clone> Transducer<In> for Pairing {
    type Out = (In, In);
    type State = PairingState<In>;

    const AT_MOST_ONE: bool = true;

    #[inline]
    fn initial(&self) -> PairingState<In> {
        PairingState { before: None }
    }

    #[inline]
    fn step(&self, state: &mut PairingState<In>, item: In, emit: &mut impl FnMut((In, In)) -> Step) -> Step {
        match state.before.replace(item.clone()) {
            Some(before) => emit((before, item)),
            None => ControlFlow::Continue(()),
        }
    }

    fn size_hint(&self, state: &PairingState<In>, (least, most): SizeHint) -> SizeHint {
        let missing = usize::from(state.before.is_none());
        (least.saturating_sub(missing), most.map(|most| most.saturating_sub(missing)))
    }
}

impl<In, X: Transducer<In, Out: Clone>> Pipeline<In, X> {
    /// Emits each item but the first in a pair behind the one before it: see [`pairing`].
    ///
    /// ```
    /// use transducer::{TransduceIterator, pipeline};
    ///
    /// let pairs = (1..=3).transduce(pipeline::<u32>().tuple_windows());
    /// assert_eq!(pairs.collect::<Vec<_>>(), [(1, 2), (2, 3)]);
    /// ```
    pub fn tuple_windows(self) -> Pipeline<In, Compose<X, Pairing>> {
        self.then(pairing())
    }
}

use core::ops::ControlFlow;

use crate::{
    kernel::{Compose, Emit, Held, Outline, Shape, SizeHint, Step, Transducer, hint},
    pipeline::Pipeline,
};

/// Emits `(before, item)` for each item and the item before it.
///
/// Input of fewer than two items yields nothing.
///
/// - **Memory**: a clone of one item.
/// - **Like**: itertools `tuple_windows`, for pairs; Python's and RxJS's `pairwise`.
///
/// ```
/// use transducer::prelude::*;
///
/// let differences = compose((pairing(), mapping(|(before, after): (i32, i32)| after - before)));
/// assert_eq!([1, 4, 9, 16].into_iter().transduce(differences).collect::<Vec<_>>(), [3, 5, 7]);
/// ```
#[doc(alias("tuple_windows", "pairwise"))]
pub fn pairing() -> Pairing {
    Pairing
}

/// The transducer of [`pairing`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Pairing;

impl<In: Clone> Transducer<In> for Pairing {
    type Out = (In, In);
    type State = Held<In>;

    const SHAPE: Shape = Shape::AT_MOST_ONE;

    #[inline]
    fn initial(&self) -> Held<In> {
        Held(None)
    }

    #[inline(always)]
    fn step(&self, before: &mut Held<In>, item: In, out: &mut impl Emit<(In, In)>) -> Step {
        match before.0.replace(item.clone()) {
            Some(before) => out.emit((before, item)),
            None => ControlFlow::Continue(()),
        }
    }

    fn is_idle(&self, before: &Held<In>) -> bool {
        before.0.is_none()
    }

    fn size_hint(&self, before: &Held<In>, input: SizeHint) -> SizeHint {
        hint::skip(input, usize::from(before.0.is_none()))
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("pairing");
    }
}

impl<In, X: Transducer<In, Out: Clone>> Pipeline<In, X> {
    /// Emits `(before, item)` for each item and the item before it. See [`pairing`].
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let pairs = (1..=3).transduce(pipeline::<u32>().pairwise());
    /// assert_eq!(pairs.collect::<Vec<_>>(), [(1, 2), (2, 3)]);
    /// ```
    pub fn pairwise(self) -> Pipeline<In, Compose<X, Pairing>> {
        self.then(pairing())
    }
}

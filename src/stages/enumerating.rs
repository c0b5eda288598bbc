use crate::{
    kernel::{Compose, Emit, InvalidState, OneToOne, Outline, Shape, SizeHint, Step, Transducer},
    pipeline::Pipeline,
};

/// Emits `(position, item)` for each item, counted from 0.
///
/// - **Memory**: one counter.
/// - **Panics**: after `usize::MAX` items, in builds with overflow checks.
/// - **Like**: [`Iterator::enumerate`]; Clojure's `map-indexed`, with a pair.
///
/// ```
/// use transducer::prelude::*;
///
/// assert_eq!(['a', 'b'].into_iter().transduce(enumerating()).collect::<Vec<_>>(), [(0, 'a'), (1, 'b')]);
/// ```
#[doc(alias = "map_indexed")]
pub fn enumerating() -> Enumerating {
    Enumerating
}

/// The transducer of [`enumerating`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Enumerating;

impl<In> Transducer<In> for Enumerating {
    type Out = (usize, In);
    type State = usize;

    const SHAPE: Shape = Shape::ONE;

    #[inline]
    fn initial(&self) -> usize {
        0
    }

    #[inline(always)]
    fn step(&self, next: &mut usize, item: In, out: &mut impl Emit<(usize, In)>) -> Step {
        let position = *next;
        *next += 1;
        out.emit((position, item))
    }

    fn is_idle(&self, next: &usize) -> bool {
        *next == 0
    }

    fn size_hint(&self, _: &usize, input: SizeHint) -> SizeHint {
        input
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("enumerating");
    }

    fn validate(&self, next: &mut Self::State) -> Result<(), InvalidState> {
        InvalidState::unless_reachable("enumerating", *next)
    }
}

impl OneToOne for Enumerating {}

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits `(position, item)` for each item, counted from 0. See [`enumerating`].
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let numbered = "ab".chars().transduce(pipeline::<char>().enumerate());
    /// assert_eq!(numbered.collect::<Vec<_>>(), [(0, 'a'), (1, 'b')]);
    /// ```
    pub fn enumerate(self) -> Pipeline<In, Compose<X, Enumerating>> {
        self.then(enumerating())
    }
}

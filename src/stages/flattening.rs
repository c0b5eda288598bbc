use crate::{
    kernel::{Compose, Emit, Outline, Rest, Shape, SizeHint, Splittable, Step, Transducer},
    pipeline::Pipeline,
};

/// Emits every item of each item, which is a collection or another thing that can be iterated over.
///
/// - **Memory**: what is left of one item, in drivers that pause between outputs (lazy, stream, sink).
/// - **Like**: [`Iterator::flatten`]; Clojure's `cat`.
///
/// ```
/// use transducer::prelude::*;
///
/// let numbers = [vec![1, 2], vec![], vec![3]].into_iter().transduce(flattening());
/// assert_eq!(numbers.collect::<Vec<_>>(), [1, 2, 3]);
/// ```
#[doc(alias = "cat")]
pub fn flattening() -> Flattening {
    Flattening
}

/// The transducer of [`flattening`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Flattening;

impl<In: IntoIterator> Transducer<In> for Flattening {
    type Out = In::Item;
    type State = Rest<In::IntoIter>;

    const SHAPE: Shape = Shape::MANY;

    #[inline]
    fn initial(&self) -> Self::State {
        Rest::new()
    }

    #[inline(always)]
    fn step(&self, rest: &mut Self::State, item: In, out: &mut impl Emit<In::Item>) -> Step {
        rest.emit(item, out)
    }

    #[inline]
    fn resume(&self, rest: &mut Self::State, out: &mut impl Emit<In::Item>) -> Step {
        rest.resume(out)
    }

    fn is_idle(&self, rest: &Self::State) -> bool {
        rest.is_empty()
    }

    fn size_hint(&self, rest: &Self::State, (_, most): SizeHint) -> SizeHint {
        let (least, left) = rest.size_hint();
        (least, if most == Some(0) { left } else { None })
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("flattening");
    }
}

impl Splittable for Flattening {}

impl<In, X: Transducer<In, Out: IntoIterator>> Pipeline<In, X> {
    /// Emits every item of each item. See [`flattening`].
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let numbers = [vec![1, 2], vec![3]].into_iter().transduce(pipeline::<Vec<u32>>().flatten());
    /// assert_eq!(numbers.collect::<Vec<_>>(), [1, 2, 3]);
    /// ```
    pub fn flatten(self) -> Pipeline<In, Compose<X, Flattening>> {
        self.then(flattening())
    }
}

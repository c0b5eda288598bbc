//! [`pipeline`]: transducers stacked one method at a time.

use core::{fmt, marker::PhantomData};

#[cfg(feature = "alloc")]
use crate::kernel::{Boxed, boxed};
use crate::kernel::{Compose, Emit, Shape, SizeHint, Step, Transducer, forward::forward};

/// Starts a pipeline of items of type `In`, to be built with methods that bear std's names.
///
/// Each method stacks the transducer of the same meaning: `.filter(p)` is [`filtering`](crate::filtering).
/// Because the type of the items is known from the start, closures need no annotations. By itself a
/// pipeline passes items on as they are. A [`Pipeline`] is a transducer like any other; it mixes
/// with [`compose`](crate::compose) both ways.
///
/// ```
/// use transducer::{appending, pipeline, transduce};
///
/// let words = pipeline::<&str>().filter(|word| word.len() > 3).map(str::to_uppercase).take(2);
/// assert_eq!(transduce(&words, appending(), ["as", "data", "flow", "past"]), ["DATA", "FLOW"]);
/// ```
pub fn pipeline<In>() -> Pipeline<In, Identity> {
    Pipeline { xf: Identity, item: PhantomData }
}

/// A transducer that grows by methods. Made by [`pipeline`].
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Pipeline<In, X> {
    xf: X,
    // The items, by which closures are inferred.
    item: PhantomData<fn(In)>,
}

/// What [`pipeline`] starts with: passes each item on as it is.
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Identity;

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Stacks any transducer on top.
    ///
    /// ```
    /// use transducer::{TransduceIterator, batching, pipeline};
    ///
    /// let pairs = pipeline::<u8>().map(u32::from).then(batching(2));
    /// assert_eq!([1, 2, 3].into_iter().transduce(pairs).collect::<Vec<_>>(), [vec![1, 2], vec![3]]);
    /// ```
    pub fn then<Y: Transducer<X::Out>>(self, next: Y) -> Pipeline<In, Compose<X, Y>> {
        Pipeline { xf: Compose::new(self.xf, next), item: PhantomData }
    }
}

impl<In, X, Y> Pipeline<In, Compose<X, Y>> {
    /// Changes a setting of the stage that was added last.
    pub(crate) fn set(self, setting: impl FnOnce(Y) -> Y) -> Self {
        Self { xf: self.xf.map_second(setting), ..self }
    }
}

impl<In, X: Transducer<In>> Transducer<In> for Pipeline<In, X> {
    type Out = X::Out;
    type State = X::State;

    forward! { In => X: |this| &this.xf }
}

#[cfg(feature = "alloc")]
impl<'a, In: 'a, X> Pipeline<In, X>
where
    X: Transducer<In> + Send + Sync + 'a,
    X::State: Send + 'a,
{
    /// Erases the type of the pipeline: see [`boxed`].
    pub fn boxed(self) -> Boxed<'a, In, X::Out> {
        boxed(self)
    }
}

impl<In, X: Clone> Clone for Pipeline<In, X> {
    fn clone(&self) -> Self {
        Self { xf: self.xf.clone(), item: PhantomData }
    }
}

impl<In, X: Copy> Copy for Pipeline<In, X> {}

impl<In, X: fmt::Debug> fmt::Debug for Pipeline<In, X> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.xf.fmt(out)
    }
}

impl<In> Transducer<In> for Identity {
    type Out = In;
    type State = ();

    const SHAPE: Shape = Shape::ONE;

    #[inline]
    fn initial(&self) {}

    #[inline(always)]
    fn step(&self, _: &mut (), item: In, out: &mut impl Emit<In>) -> Step {
        out.emit(item)
    }

    fn size_hint(&self, _: &(), input: SizeHint) -> SizeHint {
        input
    }
}

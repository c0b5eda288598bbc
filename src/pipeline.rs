//! [`pipeline`]: transducers stacked one method at a time.

use core::{fmt, marker::PhantomData};

#[cfg(feature = "alloc")]
use crate::kernel::{Boxed, LocalBoxed, boxed, boxed_local};
use crate::kernel::{
    Compose, Emit, OneToOne, Outline, Shape, SizeHint, Splittable, Step, Transducer, forward::forward,
};

/// Starts a pipeline of items of type `In`, to which methods with std's names add stages.
///
/// Each method adds the stage of the same meaning: `.filter(p)` adds [`filtering`](crate::filtering). The type of the
/// items is known from the start, so closures need no annotations. Without stages, a pipeline emits each item
/// unchanged. A [`Pipeline`] is a transducer like any other: it can be part of [`compose`](crate::compose), and
/// [`then`](Pipeline::then) adds any transducer to it.
///
/// ```
/// use transducer::prelude::*;
///
/// let words = pipeline::<&str>().filter(|word| word.len() > 3).map(str::to_uppercase).take(2);
/// assert_eq!(transduce(&words, appending(), ["as", "data", "flow", "past"]), ["DATA", "FLOW"]);
/// ```
pub fn pipeline<In>() -> Pipeline<In, Identity> {
    Pipeline { xf: Identity, item: PhantomData }
}

/// The transducer of [`pipeline`], to which each method adds a stage.
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Pipeline<In, X> {
    xf: X,
    // The items, by which closures are inferred.
    item: PhantomData<fn(In)>,
}

/// The transducer of a [`pipeline`] without stages: emits each item unchanged.
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Identity;

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Adds any transducer as the next stage.
    ///
    /// ```
    /// use transducer::prelude::*;
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
        self.exchange(setting)
    }

    /// Makes another stage of the one that was added last.
    pub(crate) fn exchange<Z>(self, change: impl FnOnce(Y) -> Z) -> Pipeline<In, Compose<X, Z>> {
        Pipeline { xf: self.xf.map_second(change), item: PhantomData }
    }
}

impl<In, X: Transducer<In>> Transducer<In> for Pipeline<In, X> {
    type Out = X::Out;
    type State = X::State;

    forward! { In => X: |this| &this.xf }
}

impl<In, X: Splittable> Splittable for Pipeline<In, X> {}

#[cfg(feature = "alloc")]
impl<'a, In: 'a, X> Pipeline<In, X>
where
    X: Transducer<In> + Send + Sync + 'a,
    X::State: Send + 'a,
{
    /// Erases the type of the pipeline, for pipelines that are put together at run time. See [`boxed`].
    ///
    /// - **Memory**: one allocation a run.
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let limit = Some(2);
    /// let odd = pipeline::<u32>().filter(|x| x % 2 == 1);
    /// let odd = match limit {
    ///     Some(limit) => odd.take(limit).boxed(),
    ///     None => odd.boxed(),
    /// };
    /// assert_eq!((1..).transduce(odd).collect::<Vec<_>>(), [1, 3]);
    /// ```
    pub fn boxed(self) -> Boxed<'a, In, X::Out> {
        boxed(self)
    }
}

#[cfg(feature = "alloc")]
impl<'a, In: 'a, X> Pipeline<In, X>
where
    X: Transducer<In> + 'a,
    X::State: 'a,
{
    /// Erases the type of a pipeline that stays on its thread: what is in it need be neither `Send` nor `Sync`. See
    /// [`boxed_local`].
    ///
    /// - **Memory**: one allocation a run.
    ///
    /// ```
    /// use std::rc::Rc;
    /// use transducer::{LocalBoxed, prelude::*};
    ///
    /// let unit = Rc::new(String::from("km"));
    /// let labelled: LocalBoxed<u32, String> = pipeline::<u32>().map(move |x| format!("{x} {unit}")).boxed_local();
    /// assert_eq!([3].into_iter().transduce(labelled).collect::<Vec<_>>(), ["3 km"]);
    /// ```
    pub fn boxed_local(self) -> LocalBoxed<'a, In, X::Out> {
        boxed_local(self)
    }
}

impl<In, X: OneToOne> OneToOne for Pipeline<In, X> {}

impl OneToOne for Identity {}

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

    fn describe(&self, outline: &mut Outline) {
        outline.stage("identity");
    }
}

impl Splittable for Identity {}

use crate::{Compose, Pipeline, SizeHint, Step, Transducer};

/// Passes what is in each `Some` through `xf`, and each `None` along as it is; emits `Option`s.
///
/// Each `None` keeps its place among the items that `xf` has emitted before and after it; what `xf`
/// holds back comes later, at the latest at the end of the run, where `xf` is completed. When `xf` ends
/// itself, so does the run. To drop each `None` instead, see [`flattening`](crate::flattening).
///
/// Keeps what `xf` keeps. For one-to-one stages it is [`Iterator::map`] with [`Option::map`]; the twin of
/// [`on_ok`](crate::on_ok).
///
/// ```
/// use transducer::{TransduceIterator, deduping, on_some};
///
/// let readings = [Some(20), Some(20), None, Some(20), Some(21)];
/// let changes = readings.into_iter().transduce(on_some(deduping()));
/// assert_eq!(changes.collect::<Vec<_>>(), [Some(20), None, Some(21)]);
/// ```
pub fn on_some<X>(xf: X) -> OnSome<X> {
    OnSome { xf }
}

/// The transducer that [`on_some`] makes.
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct OnSome<X> {
    xf: X,
}

impl<T, X: Transducer<T>> Transducer<Option<T>> for OnSome<X> {
    type Out = Option<X::Out>;
    type State = X::State;

    const ONE_TO_ONE: bool = X::ONE_TO_ONE;
    const AT_MOST_ONE: bool = X::AT_MOST_ONE;

    #[inline]
    fn initial(&self) -> X::State {
        self.xf.initial()
    }

    #[inline]
    fn step(&self, state: &mut X::State, item: Option<T>, emit: &mut impl FnMut(Self::Out) -> Step) -> Step {
        match item {
            Some(item) => self.xf.step(state, item, &mut |out| emit(Some(out))),
            None => emit(None),
        }
    }

    #[inline]
    fn complete(&self, state: X::State, emit: &mut impl FnMut(Self::Out) -> Step) {
        self.xf.complete(state, &mut |out| emit(Some(out)));
    }

    fn size_hint(&self, state: &X::State, (least, most): SizeHint) -> SizeHint {
        if X::ONE_TO_ONE {
            return (least, most);
        }
        // Any of the items, or none, may be `None`; each of those is an output.
        let (from_some, up_to_some) = self.xf.size_hint(state, (0, most));
        (from_some, up_to_some.zip(most).and_then(|(some, none)| some.checked_add(none)))
    }

    fn is_reduced(&self, state: &X::State) -> bool {
        self.xf.is_reduced(state)
    }
}

impl<In, T, X: Transducer<In, Out = Option<T>>> Pipeline<In, X> {
    /// Passes what is in each `Some` through `xf`, and each `None` along as it is: see [`on_some`].
    ///
    /// ```
    /// use transducer::{TransduceIterator, mapping, pipeline};
    ///
    /// let next = pipeline::<Option<u32>>().on_some(mapping(|x| x + 1));
    /// assert_eq!([Some(1), None].into_iter().transduce(next).collect::<Vec<_>>(), [Some(2), None]);
    /// ```
    pub fn on_some<Y: Transducer<T>>(self, xf: Y) -> Pipeline<In, Compose<X, OnSome<Y>>> {
        self.then(on_some(xf))
    }
}

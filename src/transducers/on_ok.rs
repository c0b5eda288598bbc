use crate::{Compose, Pipeline, SizeHint, Step, Transducer};

/// Passes what is in each `Ok` through `xf`, and each `Err` along as it is; emits `Result`s.
///
/// Errors keep their place among the items that `xf` has emitted before and after them; what `xf` holds
/// back comes later than an error that overtakes it, at the latest at the end of the run, where `xf` is
/// completed. When `xf` ends itself, so does the run, and no error gets lost: those that came before have
/// been emitted, and any others are still in the source, which is not asked for more.
///
/// Keeps what `xf` keeps. For one-to-one stages it is itertools' `map_ok`, for others `filter_ok` and the
/// like. To stop at the first error instead, see [`trying`](crate::trying).
///
/// ```
/// use transducer::{TransduceIterator, batching, compose, mapping, on_ok};
///
/// let read = |text: &'static str| text.parse::<u32>().map_err(|_| text);
/// let batches = compose((mapping(read), on_ok(batching(2))));
/// assert_eq!(
///     ["1", "x", "2", "3"].into_iter().transduce(batches).collect::<Vec<_>>(),
///     [Err("x"), Ok(vec![1, 2]), Ok(vec![3])]
/// );
/// ```
#[doc(alias("map_ok", "filter_ok", "process_results"))]
pub fn on_ok<X>(xf: X) -> OnOk<X> {
    OnOk { xf }
}

/// The transducer that [`on_ok`] makes.
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct OnOk<X> {
    xf: X,
}

impl<T, E, X: Transducer<T>> Transducer<Result<T, E>> for OnOk<X> {
    type Out = Result<X::Out, E>;
    type State = X::State;

    const ONE_TO_ONE: bool = X::ONE_TO_ONE;
    const AT_MOST_ONE: bool = X::AT_MOST_ONE;

    #[inline]
    fn initial(&self) -> X::State {
        self.xf.initial()
    }

    #[inline]
    fn step(&self, state: &mut X::State, item: Result<T, E>, emit: &mut impl FnMut(Self::Out) -> Step) -> Step {
        match item {
            Ok(item) => self.xf.step(state, item, &mut |out| emit(Ok(out))),
            Err(error) => emit(Err(error)),
        }
    }

    #[inline]
    fn complete(&self, state: X::State, emit: &mut impl FnMut(Self::Out) -> Step) {
        self.xf.complete(state, &mut |out| emit(Ok(out)));
    }

    fn size_hint(&self, state: &X::State, (least, most): SizeHint) -> SizeHint {
        if X::ONE_TO_ONE {
            return (least, most);
        }
        // Any of the items, or none, may be errors; each of those is an output.
        let (from_ok, up_to_ok) = self.xf.size_hint(state, (0, most));
        (from_ok, up_to_ok.zip(most).and_then(|(ok, errors)| ok.checked_add(errors)))
    }

    fn is_reduced(&self, state: &X::State) -> bool {
        self.xf.is_reduced(state)
    }
}

impl<In, T, E, X: Transducer<In, Out = Result<T, E>>> Pipeline<In, X> {
    /// Passes what is in each `Ok` through `xf`, and each `Err` along as it is: see [`on_ok`].
    ///
    /// ```
    /// use transducer::{TransduceIterator, mapping, pipeline};
    ///
    /// let read = pipeline::<&str>().map(|text| text.parse::<u32>().map_err(|_| text)).on_ok(mapping(|x| x + 1));
    /// assert_eq!(["1", "x"].into_iter().transduce(read).collect::<Vec<_>>(), [Ok(2), Err("x")]);
    /// ```
    pub fn on_ok<Y: Transducer<T>>(self, xf: Y) -> Pipeline<In, Compose<X, OnOk<Y>>> {
        self.then(on_ok(xf))
    }
}

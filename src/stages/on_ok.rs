use crate::{
    kernel::{Compose, Emit, OneToOne, Outline, SizeHint, Splittable, Step, Transducer, call, forward::forward, hint},
    pipeline::Pipeline,
};

/// Emits what `xf` makes of the values in `Ok`, as `Ok`, and passes each `Err` on unchanged.
///
/// An `Err` is emitted as it comes, so it can overtake values that `xf` still holds; these follow at the end of the
/// run at the latest. To stop at the first error instead, see [`trying`](crate::trying).
///
/// - **Memory**: what `xf` keeps.
/// - **Ends**: when `xf` does. No error is lost: later ones are still in the source, which is not read further.
/// - **Like**: itertools `map_ok` and `filter_ok`, for any stages.
///
/// ```
/// use transducer::prelude::*;
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

/// The transducer of [`on_ok`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct OnOk<X> {
    xf: X,
}

impl<T, E, X: Transducer<T>> Transducer<Result<T, E>> for OnOk<X> {
    type Out = Result<X::Out, E>;
    type State = X::State;

    forward! { Result<T, E> => X: |this| &this.xf,
        out |out| out.map(Ok),
        step {
            #[inline(always)]
            fn step(&self, state: &mut X::State, item: Result<T, E>, out: &mut impl Emit<Self::Out>) -> Step {
                match item {
                    Ok(item) => call::step(&self.xf, state, item, &mut out.map(Ok)),
                    Err(error) => out.emit(Err(error)),
                }
            }
        },
        size_hint {
            fn size_hint(&self, state: &X::State, (least, most): SizeHint) -> SizeHint {
                if X::SHAPE.emits_one() && !X::SHAPE.flushes() {
                    return (least, most);
                }
                // Any of the items, or none, may be errors; each of those is an output.
                let made = self.xf.size_hint(state, (0, most));
                if X::SHAPE.emits_at_most_one() && !X::SHAPE.flushes() {
                    return (made.0, most);
                }
                hint::add(made, (0, most))
            }
        },
        describe {
            fn describe(&self, outline: &mut Outline) {
                outline.stage("on_ok").inside(|outline| self.xf.describe(outline));
            }
        }
    }
}

impl<X: OneToOne> OneToOne for OnOk<X> {}
impl<X: Splittable> Splittable for OnOk<X> {}

impl<In, T, E, X: Transducer<In, Out = Result<T, E>>> Pipeline<In, X> {
    /// Emits what `xf` makes of the values in `Ok`, as `Ok`, and passes each `Err` on unchanged. See [`on_ok`].
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let read = pipeline::<&str>().map(|text| text.parse::<u32>().map_err(|_| text)).on_ok(mapping(|x| x + 1));
    /// assert_eq!(["1", "x"].into_iter().transduce(read).collect::<Vec<_>>(), [Ok(2), Err("x")]);
    /// ```
    pub fn on_ok<Y: Transducer<T>>(self, xf: Y) -> Pipeline<In, Compose<X, OnOk<Y>>> {
        self.then(on_ok(xf))
    }
}

use crate::{
    kernel::{Compose, Emit, OneToOne, Outline, SizeHint, Splittable, Step, Transducer, call, forward::forward, hint},
    pipeline::Pipeline,
};

/// Emits what `xf` makes of the values in `Some`, as `Some`, and passes each `None` on.
///
/// A `None` is emitted as it comes, so it can overtake values that `xf` still holds; these follow at the end of the
/// run at the latest. To drop each `None` instead, see [`flattening`](crate::flattening).
///
/// - **Memory**: what `xf` keeps.
/// - **Ends**: when `xf` does.
/// - **Like**: [`Iterator::map`] with [`Option::map`], for any stages; [`on_ok`](crate::on_ok) does the same for
///   `Result`s.
///
/// ```
/// use transducer::prelude::*;
///
/// let readings = [Some(20), Some(20), None, Some(20), Some(21)];
/// let changes = readings.into_iter().transduce(on_some(deduping()));
/// assert_eq!(changes.collect::<Vec<_>>(), [Some(20), None, Some(21)]);
/// ```
pub fn on_some<X>(xf: X) -> OnSome<X> {
    OnSome { xf }
}

/// The transducer of [`on_some`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct OnSome<X> {
    xf: X,
}

impl<T, X: Transducer<T>> Transducer<Option<T>> for OnSome<X> {
    type Out = Option<X::Out>;
    type State = X::State;

    forward! { Option<T> => X: |this| &this.xf,
        out |out| out.map(Some),
        step {
            #[inline(always)]
            fn step(&self, state: &mut X::State, item: Option<T>, out: &mut impl Emit<Self::Out>) -> Step {
                match item {
                    Some(item) => call::step(&self.xf, state, item, &mut out.map(Some)),
                    None => out.emit(None),
                }
            }
        },
        size_hint {
            fn size_hint(&self, state: &X::State, (least, most): SizeHint) -> SizeHint {
                if X::SHAPE.emits_one() && !X::SHAPE.flushes() {
                    return (least, most);
                }
                // Any of the items, or none, may be `None`; each of those is an output.
                let made = self.xf.size_hint(state, (0, most));
                if X::SHAPE.emits_at_most_one() && !X::SHAPE.flushes() {
                    return (made.0, most);
                }
                hint::add(made, (0, most))
            }
        },
        describe {
            fn describe(&self, outline: &mut Outline) {
                outline.stage("on_some").inside(|outline| self.xf.describe(outline));
            }
        }
    }
}

impl<X: OneToOne> OneToOne for OnSome<X> {}
impl<X: Splittable> Splittable for OnSome<X> {}

impl<In, T, X: Transducer<In, Out = Option<T>>> Pipeline<In, X> {
    /// Emits what `xf` makes of the values in `Some`, as `Some`, and passes each `None` on. See [`on_some`].
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let next = pipeline::<Option<u32>>().on_some(mapping(|x| x + 1));
    /// assert_eq!([Some(1), None].into_iter().transduce(next).collect::<Vec<_>>(), [Some(2), None]);
    /// ```
    pub fn on_some<Y: Transducer<T>>(self, xf: Y) -> Pipeline<In, Compose<X, OnSome<Y>>> {
        self.then(on_some(xf))
    }
}

use core::ops::ControlFlow;

use crate::{
    kernel::{Compose, Emit, Held, Outline, Shape, SizeHint, Step, Transducer, debug::debug_closures},
    pipeline::Pipeline,
};

/// Merges items with the one before them where `f` returns `Ok(merged)`; where it returns `Err((before, item))`, emits
/// `before` and goes on with `item`.
///
/// `f` is given what the items before have been merged to, and the next item. The last is emitted at the end of the run.
/// Empty input yields nothing.
///
/// - **Memory**: one item.
/// - **Like**: itertools `coalesce`.
///
/// ```
/// use transducer::prelude::*;
///
/// let join = |(from, to): (u32, u32), next: (u32, u32)| if next.0 <= to { Ok((from, next.1)) } else { Err(((from, to), next)) };
/// let spans = [(1, 3), (2, 5), (7, 8)].into_iter().transduce(coalescing(join));
/// assert_eq!(spans.collect::<Vec<_>>(), [(1, 5), (7, 8)]);
/// ```
#[doc(alias("coalesce", "dedup_with_count"))]
pub fn coalescing<In, F: Fn(In, In) -> Result<In, (In, In)>>(f: F) -> Coalescing<F> {
    Coalescing { f }
}

/// The transducer of [`coalescing`].
#[derive(Clone, Copy)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Coalescing<F> {
    f: F,
}

impl<In, F: Fn(In, In) -> Result<In, (In, In)>> Transducer<In> for Coalescing<F> {
    type Out = In;
    // What the latest items have been merged to.
    type State = Held<In>;

    const SHAPE: Shape = Shape::AT_MOST_ONE.flushing();

    #[inline]
    fn initial(&self) -> Held<In> {
        Held(None)
    }

    #[inline]
    fn step(&self, merged: &mut Held<In>, item: In, out: &mut impl Emit<In>) -> Step {
        let Some(before) = merged.0.take() else {
            merged.0 = Some(item);
            return ControlFlow::Continue(());
        };
        match (self.f)(before, item) {
            Ok(both) => {
                merged.0 = Some(both);
                ControlFlow::Continue(())
            }
            Err((before, item)) => {
                merged.0 = Some(item);
                out.emit(before)
            }
        }
    }

    #[inline]
    fn complete(&self, merged: &mut Held<In>, out: &mut impl Emit<In>) -> Step {
        merged.0.take().map_or(ControlFlow::Continue(()), |merged| out.emit(merged))
    }

    fn is_idle(&self, merged: &Held<In>) -> bool {
        merged.0.is_none()
    }

    fn size_hint(&self, merged: &Held<In>, (least, most): SizeHint) -> SizeHint {
        let current = usize::from(merged.0.is_some());
        (least.min(1).max(current), most.and_then(|most| most.checked_add(current)))
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("coalescing");
    }
}

debug_closures!(Coalescing<F> {; f});

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Merges items with the one before them where `f` returns `Ok(merged)`. See [`coalescing`].
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let sums = pipeline::<i32>().coalesce(|x, y| if (x < 0) == (y < 0) { Ok(x + y) } else { Err((x, y)) });
    /// assert_eq!([1, 2, -3, -1, 5].into_iter().transduce(sums).collect::<Vec<_>>(), [3, -4, 5]);
    /// ```
    pub fn coalesce<F>(self, f: F) -> Pipeline<In, Compose<X, Coalescing<F>>>
    where
        F: Fn(X::Out, X::Out) -> Result<X::Out, (X::Out, X::Out)>,
    {
        self.then(coalescing(f))
    }
}

use crate::{
    kernel::{Compose, Emit, Outline, Shape, SizeHint, Step, Time, Transducer},
    pipeline::Pipeline,
};

/// Emits each item with the moment at which it comes, as `(moment, item)`.
///
/// - **Like**: `timestamp` of RxJS, `timed` of Reactor.
///
/// ```
/// use transducer::{Time, prelude::*};
///
/// let mut stamped = timed_transduce(stamping(), collection_sink(vec![]));
/// stamped.send_at(Time::from_secs(5), 'a');
/// stamped.send_at(Time::from_secs(9), 'b');
/// assert_eq!(stamped.close(), [(Time::from_secs(5), 'a'), (Time::from_secs(9), 'b')]);
/// ```
#[doc(alias("timestamp", "timed"))]
pub fn stamping() -> Stamping {
    Stamping
}

/// The transducer of [`stamping`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Stamping;

impl<In> Transducer<In> for Stamping {
    type Out = (Time, In);
    type State = ();

    // Nothing is ever due, but it asks for the time.
    const SHAPE: Shape = Shape::ONE.timed();

    #[inline]
    fn initial(&self) {}

    #[inline(always)]
    fn step(&self, (): &mut (), item: In, out: &mut impl Emit<(Time, In)>) -> Step {
        let now = out.now();
        out.emit((now, item))
    }

    fn size_hint(&self, (): &(), input: SizeHint) -> SizeHint {
        input
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("stamping");
    }
}

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits each item with the moment at which it comes. See [`stamping`].
    ///
    /// ```
    /// use transducer::{Time, prelude::*};
    ///
    /// let mut stamped = timed_transduce(pipeline().stamp(), collection_sink(vec![]));
    /// stamped.send_at(Time::from_secs(5), 'a');
    /// assert_eq!(stamped.close(), [(Time::from_secs(5), 'a')]);
    /// ```
    pub fn stamp(self) -> Pipeline<In, Compose<X, Stamping>> {
        self.then(stamping())
    }
}

use crate::{
    kernel::{Outline, Reducer, Step, debug::debug_closures},
    sinks::EventSink,
};

/// Sends each item to an event sink and closes the sink at the end; gives what closing gives.
///
/// `open` makes a sink for each run. To use a sink that exists already, pass it to
/// [`transduce_from`](crate::transduce_from) as the accumulator.
///
/// - **Memory**: what the sink keeps.
/// - **Ends**: when the sink wants no more.
/// - **Like**: `sending` of Robert Smallshire's `transducer` for Python.
///
/// ```
/// use transducer::prelude::*;
///
/// let text = transduce(skipping(1), sending(|| printing(Vec::new()).separator(" ")), ["a", "b", "c"]);
/// assert_eq!(text?, b"b c\n");
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn sending<S, F: Fn() -> S>(open: F) -> Sending<F> {
    Sending { open }
}

/// The reducer of [`sending`].
#[derive(Clone, Copy)]
#[must_use = "a reducer is a recipe: it does nothing until a driver runs it"]
pub struct Sending<F> {
    open: F,
}

impl<In, S: EventSink<In>, F: Fn() -> S> Reducer<In> for Sending<F> {
    type Acc = S;
    type Output = S::Output;

    fn initial(&self) -> S {
        (self.open)()
    }

    #[inline]
    fn step(&self, sink: &mut S, item: In) -> Step {
        sink.send(item)
    }

    fn is_reduced(&self, sink: &S) -> bool {
        sink.is_reduced()
    }

    fn complete(&self, sink: S) -> S::Output {
        sink.close()
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("sending");
    }
}

debug_closures!(Sending<F> {; open });

use core::ops::ControlFlow;

use super::EventSink;
use crate::kernel::Step;

/// Makes a sink that drops each item, for pipelines that are run for their side effects.
///
/// - **Ends**: never.
/// - **Like**: `futures::sink::drain`, [`io::sink`](std::io::sink).
///
/// ```
/// use transducer::prelude::*;
///
/// let mut log = reactive_transduce(inspecting(|event: &&str| println!("{event}")), null_sink());
/// log.send("started");
/// log.close();
/// ```
#[doc(alias("discard", "drain"))]
pub fn null_sink() -> NullSink {
    NullSink
}

/// The sink of [`null_sink`].
#[derive(Clone, Copy, Debug, Default)]
pub struct NullSink;

impl<T> EventSink<T> for NullSink {
    type Output = ();

    #[inline]
    fn send(&mut self, _: T) -> Step {
        ControlFlow::Continue(())
    }

    fn close(self) {}
}

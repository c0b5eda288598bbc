use core::ops::ControlFlow;

use super::EventSink;
use crate::kernel::Step;

/// Drops each event: for pipelines that are run for what they do on the way.
///
/// ```
/// use transducer::{inspecting, null_sink, reactive_transduce};
///
/// let mut log = reactive_transduce(inspecting(|event: &&str| println!("{event}")), null_sink());
/// let _ = log.send("started");
/// log.close();
/// ```
pub fn null_sink() -> NullSink {
    NullSink
}

/// The sink that [`null_sink`] makes.
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

use core::ops::ControlFlow;

use super::EventSink;
use crate::kernel::Step;

/// What a closure that serves as a sink returns: `()` or a [`Step`].
#[diagnostic::on_unimplemented(
    message = "a closure that serves as a sink returns `()` or a `Step`, not `{Self}`",
    label = "returns `{Self}`",
    note = "to ignore what the closure returns, write `|item| {{ ..; }}`"
)]
pub trait IntoStep {
    /// Converts it to a [`Step`]; `()` asks for more.
    fn into_step(self) -> Step;
}

impl IntoStep for () {
    #[inline]
    fn into_step(self) -> Step {
        ControlFlow::Continue(())
    }
}

impl IntoStep for Step {
    #[inline]
    fn into_step(self) -> Step {
        self
    }
}

impl<T, A: IntoStep, F: FnMut(T) -> A> EventSink<T> for F {
    type Output = ();

    #[inline]
    fn send(&mut self, item: T) -> Step {
        self(item).into_step()
    }

    fn close(self) {}
}

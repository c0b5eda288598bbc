//! [`InnerRun`]: the run of a pipeline that a stage has inside it.

use core::ops::ControlFlow;

use crate::{Reduced, SizeHint, Step, Transducer, reduced::Guarded};

/// The state of a run of an inner pipeline, until that run has been completed.
///
/// `Break` from the step of an inner pipeline has two meanings: the pipeline has ended itself, or
/// what is downstream of the enclosing stage has had enough. Only the second is an end for the
/// enclosing stage. This is the one place where they are told apart; stages that run pipelines side
/// by side step them through it.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct InnerRun<S> {
    /// `None` once completed.
    run: Option<Guarded<S>>,
}

impl<S> InnerRun<S> {
    /// A run that has seen nothing yet.
    pub(crate) fn new<In>(xf: &impl Transducer<In, State = S>) -> Self {
        let state = xf.initial();
        let reduced = xf.is_reduced(&state);
        Self { run: Some(Guarded::new(state, reduced)) }
    }

    /// Whether the next item will be stepped through the pipeline.
    #[inline]
    pub(crate) fn wants_input(&self) -> bool {
        self.run.as_ref().is_some_and(|run| !run.reduced)
    }

    /// Steps the run with what `item` gives, if it wants input. A run that ends itself is completed at
    /// once, and so is one that never wanted any. Answers what downstream did: `Break` is an end for
    /// the enclosing stage.
    #[inline]
    pub(crate) fn step<In, X>(
        &mut self,
        xf: &X,
        item: impl FnOnce() -> In,
        emit: &mut impl FnMut(X::Out) -> Step,
    ) -> Step
    where
        X: Transducer<In, State = S>,
    {
        let Some(run) = &mut self.run else { return ControlFlow::Continue(()) };
        let mut downstream = Guarded::new(&mut *emit, false);
        let flow = run.feed(|state| xf.step(state, item(), &mut |out| downstream.feed(|emit| emit(out))));
        if downstream.reduced {
            ControlFlow::Break(Reduced)
        } else if flow.is_break() {
            self.complete(xf, emit)
        } else {
            ControlFlow::Continue(())
        }
    }

    /// Completes the run, unless it has been completed before. Answers what downstream did.
    #[inline]
    pub(crate) fn complete<In, X>(&mut self, xf: &X, emit: &mut impl FnMut(X::Out) -> Step) -> Step
    where
        X: Transducer<In, State = S>,
    {
        let mut downstream = Guarded::new(emit, false);
        if let Some(run) = self.run.take() {
            xf.complete(run.state, &mut |out| downstream.feed(|emit| emit(out)));
        }
        if downstream.reduced { ControlFlow::Break(Reduced) } else { ControlFlow::Continue(()) }
    }

    /// How many items the run will still emit, if `input` items come.
    pub(crate) fn size_hint<In>(&self, xf: &impl Transducer<In, State = S>, input: SizeHint) -> SizeHint {
        self.run
            .as_ref()
            .map_or((0, Some(0)), |run| xf.size_hint(&run.state, if run.reduced { (0, Some(0)) } else { input }))
    }
}

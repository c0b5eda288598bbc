//! A run of a transducer a worker, over all that comes to it.

use std::ops::ControlFlow;

use timely::{
    container::CapacityContainerBuilder,
    dataflow::{
        StreamVec,
        channels::pact::Pipeline,
        operators::{Capability, generic::Operator},
    },
    order::TotalOrder,
    progress::Timestamp,
};
use transducer::{Transducer, kernel::RunState, unbounded};

use crate::Stop;

/// A run that takes items, and the capability for what is left over of it.
struct Open<S, T: Timestamp> {
    run: RunState<S>,
    /// At the latest time of an item; `None` if nothing can be left over.
    held: Option<Capability<T>>,
}

pub(crate) fn whole<'scope, T, In, X>(
    stream: StreamVec<'scope, T, In>,
    xf: X,
    stop: Stop,
) -> StreamVec<'scope, T, X::Out>
where
    T: Timestamp + TotalOrder,
    In: 'static,
    X: Transducer<In, Out: 'static> + 'static,
{
    const { X::SHAPE.assert_untimed() };
    stream.unary_frontier::<CapacityContainerBuilder<Vec<X::Out>>, _, _, _>(Pipeline, "Transduce", move |first, _| {
        let run = RunState::new(&xf);
        // One that wants no input may have leftovers all the same.
        let held = (xf.shape().flushes() || !run.wants_input()).then_some(first);
        let mut open = Some(Open { run, held });
        move |(input, frontier), output| {
            input.for_each(|capability, items| {
                let Some(Open { run, held }) = &mut open else { return items.clear() };
                if !run.wants_input() {
                    return items.clear();
                }
                if let (Some(held), Some(time)) = (held, capability.least()) {
                    if held.time().less_than(time) {
                        held.downgrade(time);
                    }
                }
                let mut session = output.session(&capability);
                let mut out = unbounded(|item| {
                    session.give(item);
                    ControlFlow::Continue(())
                });
                for item in items.drain(..) {
                    if !run.wants_input() {
                        break;
                    }
                    let _ = run.step(&xf, item, &mut out);
                }
            });
            let Some(Open { run, held }) = &mut open else { return };
            if run.wants_input() && !frontier.is_empty() {
                return;
            }
            if !run.wants_input() {
                stop.ended();
            }
            if let Some(held) = held {
                let mut session = output.session(held);
                let _ = run.complete(
                    &xf,
                    &mut unbounded(|item| {
                        session.give(item);
                        ControlFlow::Continue(())
                    }),
                );
            }
            open = None;
        }
    })
}

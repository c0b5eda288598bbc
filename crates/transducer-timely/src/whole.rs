//! A run of a transducer a worker, over all that comes to it.

use std::ops::ControlFlow;

use timely::{
    container::CapacityContainerBuilder,
    dataflow::{
        StreamVec,
        channels::pact::Pipeline,
        operators::{Capability, CapabilitySet, CapabilityTrait, generic::Operator},
    },
    order::TotalOrder,
    progress::Timestamp,
};
use transducer::{Transducer, kernel::RunState, unbounded};

use crate::{Stop, outbox::Outbox};

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
        let mut outbox = Outbox::new();
        move |(input, frontier), output| {
            // The stamp of what is in the outbox.
            let mut at = CapabilitySet::new();
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
                if at.stamp() != *capability.stamp() {
                    outbox.send(output, &at);
                    at = capability.retain_stamp(0);
                }
                let mut out = unbounded(|item| {
                    outbox.put(item, output, &at);
                    ControlFlow::Continue(())
                });
                for item in items.drain(..) {
                    if !run.wants_input() {
                        break;
                    }
                    let _ = run.step(&xf, item, &mut out);
                }
            });
            outbox.send(output, &at);
            let Some(Open { run, held }) = &mut open else { return };
            if run.wants_input() && !frontier.is_empty() {
                return;
            }
            if !run.wants_input() {
                stop.ended();
            }
            if let Some(held) = held {
                let mut out = unbounded(|item| {
                    outbox.put(item, output, held);
                    ControlFlow::Continue(())
                });
                let _ = run.complete(&xf, &mut out);
                outbox.send(output, held);
            }
            open = None;
        }
    })
}

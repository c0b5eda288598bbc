//! A run of a transducer for each timestamp, on each worker.

use std::{collections::BTreeMap, ops::ControlFlow};

use timely::{
    container::CapacityContainerBuilder,
    dataflow::{
        StreamVec,
        channels::pact::Pipeline,
        operators::{CapabilitySet, CapabilityTrait, generic::Operator},
    },
    progress::{Stamp, Timestamp, frontier::MutableAntichain},
};
use transducer::{Transducer, kernel::RunState, unbounded};

use crate::outbox::Outbox;

/// Whether nothing more can come with this stamp.
pub(crate) fn is_closed<T: Timestamp>(stamp: &Stamp<T>, frontier: &MutableAntichain<T>) -> bool {
    frontier.is_empty() || stamp.iter().any(|time| !frontier.less_equal(time))
}

/// Takes out what belongs to stamps with which nothing more can come, in their order.
pub(crate) fn take_closed<T: Timestamp, V>(
    open: &mut BTreeMap<Stamp<T>, V>,
    frontier: &MutableAntichain<T>,
) -> Vec<(Stamp<T>, V)> {
    let closed: Vec<_> = open.keys().filter(|stamp| is_closed(stamp, frontier)).cloned().collect();
    closed.into_iter().filter_map(|stamp| open.remove_entry(&stamp)).collect()
}

pub(crate) fn each_time<'scope, T, In, X>(stream: StreamVec<'scope, T, In>, xf: X) -> StreamVec<'scope, T, X::Out>
where
    T: Timestamp,
    In: 'static,
    X: Transducer<In, Out: 'static> + 'static,
{
    const { X::SHAPE.assert_untimed() };
    stream.unary_frontier::<CapacityContainerBuilder<Vec<X::Out>>, _, _, _>(
        Pipeline,
        "TransduceEachTime",
        move |_, _| {
            // The capabilities are for the leftovers.
            let mut open = BTreeMap::<Stamp<T>, (RunState<X::State>, CapabilitySet<T>)>::new();
            let mut outbox = Outbox::new();
            move |(input, frontier), output| {
                // The stamp of what is in the outbox.
                let mut at = CapabilitySet::new();
                input.for_each(|capability, items| {
                    if at.stamp() != *capability.stamp() {
                        outbox.send(output, &at);
                        at = capability.retain_stamp(0);
                    }
                    let (run, held) = open
                        .entry(capability.stamp().clone())
                        .or_insert_with(|| (RunState::new(&xf), capability.retain_stamp(0)));
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
                    if !run.wants_input() {
                        // It may have wanted none from the start.
                        let _ = run.resume(&xf, &mut out);
                        *held = CapabilitySet::new();
                    }
                });
                outbox.send(output, &at);
                for (_, (mut run, held)) in take_closed(&mut open, frontier) {
                    let mut out = unbounded(|item| {
                        outbox.put(item, output, &held);
                        ControlFlow::Continue(())
                    });
                    let _ = run.complete(&xf, &mut out);
                    outbox.send(output, &held);
                }
            }
        },
    )
}

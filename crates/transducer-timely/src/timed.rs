//! A run of a timed transducer a worker, which is told the time by the frontier.

use std::{
    collections::{BTreeMap, VecDeque},
    ops::ControlFlow,
};

use timely::{
    container::CapacityContainerBuilder,
    dataflow::{
        StreamVec,
        channels::pact::Pipeline,
        operators::{Capability, generic::Operator},
    },
};
use transducer::{Emit, Time, Transducer, kernel::RunState, unbounded};

use crate::{Moment, Stop};

/// What is to be done next.
enum Next<T> {
    /// Advance to a deadline; the outputs get this timestamp.
    Advance(Time, T),
    /// Step the items of this time.
    Step(T),
}

/// A run that takes items.
struct Open<S, T: Moment, In> {
    run: RunState<S>,
    /// Items ahead of the frontier, in the order in which they came.
    ahead: BTreeMap<T, VecDeque<In>>,
    /// At the frontier, but not behind the end.
    held: Capability<T>,
    /// The time of what was done last.
    now: T,
    end: T,
}

impl<S, T: Moment, In> Open<S, T, In> {
    /// What comes next, if the frontier is at `frontier`, or has gone.
    fn next<X: Transducer<In, State = S>>(&self, xf: &X, frontier: Option<&T>) -> Option<Next<T>> {
        let item = self.ahead.keys().next();
        if let Some(deadline) = self.run.deadline(xf) {
            // Time goes on to the next item, or as far as the frontier has come, but without an item not behind the end.
            let reached = frontier.is_none_or(|frontier| deadline <= frontier.moment());
            let comes = item.map_or(deadline <= self.end.moment(), |item| deadline <= item.moment());
            if reached && comes {
                let time = T::at_or_after(deadline)?;
                return Some(Next::Advance(deadline, time.max(self.now.clone())));
            }
        }
        item.filter(|item| frontier.is_none_or(|frontier| *item <= frontier)).cloned().map(Next::Step)
    }
}

pub(crate) fn timed<'scope, T, In, X>(
    stream: StreamVec<'scope, T, In>,
    xf: X,
    end: T,
    stop: Stop,
) -> StreamVec<'scope, T, X::Out>
where
    T: Moment,
    In: 'static,
    X: Transducer<In, Out: 'static> + 'static,
{
    stream.unary_frontier::<CapacityContainerBuilder<Vec<X::Out>>, _, _, _>(
        Pipeline,
        "TransduceTimed",
        move |held, _| {
            let now = held.time().clone();
            let mut open = Some(Open { run: RunState::new(&xf), ahead: BTreeMap::new(), held, now, end });
            move |(input, frontier), output| {
                let Some(Open { ahead, now, .. }) = &mut open else {
                    return input.for_each(|_, items| items.clear());
                };
                input.for_each(|capability, items| {
                    // What bears no time comes now.
                    ahead.entry(capability.least().unwrap_or(now).clone()).or_default().extend(items.drain(..));
                });
                let Some(state) = &mut open else { return };
                let frontier = frontier.frontier();
                let frontier = frontier.first();
                while state.run.wants_input() {
                    let Some(next) = state.next(&xf, frontier) else { break };
                    let (moment, time, items) = match next {
                        Next::Advance(deadline, time) => (deadline, time, None),
                        Next::Step(time) => (time.moment(), time.clone(), state.ahead.remove(&time)),
                    };
                    state.now = time;
                    let capability = state.held.delayed(&state.now);
                    let mut session = output.session(&capability);
                    let mut out = unbounded(|item| {
                        session.give(item);
                        ControlFlow::Continue(())
                    });
                    let mut out = out.at(moment);
                    let Some(mut items) = items else {
                        let _ = state.run.advance(&xf, &mut out);
                        continue;
                    };
                    while let Some(item) = items.pop_front() {
                        let _ = state.run.step(&xf, item, &mut out);
                        // One item's deadline can come before the next of the same time.
                        let due = state.run.deadline(&xf).is_some_and(|deadline| deadline <= moment);
                        if due || !state.run.wants_input() {
                            break;
                        }
                    }
                    if !items.is_empty() {
                        state.ahead.insert(state.now.clone(), items);
                    }
                }
                match frontier {
                    Some(frontier) if state.run.wants_input() => {
                        let held = frontier.min(&state.end).clone();
                        if state.held.time().less_than(&held) {
                            state.held.downgrade(&held);
                        }
                    }
                    _ => {
                        if state.run.wants_input() {
                            state.now = state.now.clone().max(state.end.clone());
                        } else {
                            stop.ended();
                        }
                        let capability = state.held.delayed(&state.now);
                        let mut session = output.session(&capability);
                        let mut out = unbounded(|item| {
                            session.give(item);
                            ControlFlow::Continue(())
                        });
                        let _ = state.run.complete(&xf, &mut out.at(state.now.moment()));
                        open = None;
                    }
                }
            }
        },
    )
}

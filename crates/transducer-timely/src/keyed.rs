//! A run of a transducer a key, each key on one worker.

use std::{collections::BTreeMap, hash::Hash, ops::ControlFlow};

use timely::{
    ExchangeData,
    container::CapacityContainerBuilder,
    dataflow::{
        StreamVec,
        channels::pact::Exchange,
        operators::{Capability, generic::Operator},
    },
    order::TotalOrder,
    progress::Timestamp,
};
use transducer::{Transducer, kernel::RunState, reducers::IndexMap, unbounded};

use crate::hash::route;

/// How many open runs have had their last item at each time: the earliest is that of the capability for the leftovers.
struct Times<T>(BTreeMap<T, usize>);

impl<T: Ord + Clone> Times<T> {
    fn add(&mut self, time: &T) {
        match self.0.get_mut(time) {
            Some(count) => *count += 1,
            None => {
                self.0.insert(time.clone(), 1);
            }
        }
    }

    fn remove(&mut self, time: &T) {
        let count = self.0.get_mut(time).expect("it has been added");
        *count -= 1;
        if *count == 0 {
            self.0.remove(time);
        }
    }
}

pub(crate) fn keyed<'scope, T, In, K, F, X>(
    stream: StreamVec<'scope, T, In>,
    key: F,
    xf: X,
) -> StreamVec<'scope, T, (K, X::Out)>
where
    T: Timestamp + TotalOrder,
    In: ExchangeData,
    K: Hash + Eq + Clone + 'static,
    F: Fn(&In) -> K + Clone + 'static,
    X: Transducer<In, Out: 'static> + 'static,
{
    const { X::SHAPE.assert_untimed() };
    let flushes = xf.shape().flushes();
    let routed = key.clone();
    let pact = Exchange::new(move |item: &In| route(&routed(item)));
    stream.unary_frontier::<CapacityContainerBuilder<Vec<(K, X::Out)>>, _, _, _>(
        pact,
        "TransduceByKey",
        move |first, _| {
            let mut runs = Runs::<K, X::State, T>::default();
            let mut times = Times(BTreeMap::new());
            // Items ahead of the frontier, those of a worker in their order.
            let mut ahead = BTreeMap::<T, Vec<In>>::new();
            let mut held = Some(first);
            move |(input, frontier), output| {
                let Some(capability) = &mut held else { return };
                input.for_each(|stamp, items| {
                    ahead.entry(stamp.least().unwrap_or(capability.time()).clone()).or_default().append(items);
                });
                let reached = frontier.frontier().first().cloned();
                while let Some(next) = ahead.first_entry() {
                    if reached.as_ref().is_some_and(|reached| next.key() > reached) {
                        break;
                    }
                    let (time, items) = next.remove_entry();
                    let at = capability.delayed(&time);
                    let mut session = output.session(&at);
                    for item in items {
                        let key = key(&item);
                        let (run, last) = runs.entry(key.clone()).or_insert_with(|| {
                            if flushes {
                                times.add(&time);
                            }
                            (Some(RunState::new(&xf)), time.clone())
                        });
                        let Some(open) = run else { continue };
                        if flushes && *last != time {
                            times.remove(last);
                            times.add(&time);
                            last.clone_from(&time);
                        }
                        let mut out = unbounded(|item| {
                            session.give((key.clone(), item));
                            ControlFlow::Continue(())
                        });
                        let _ = open.step(&xf, item, &mut out);
                        if !open.wants_input() {
                            *run = None;
                            if flushes {
                                times.remove(&time);
                            }
                        }
                    }
                }
                if let Some(reached) = reached {
                    let hold = times.0.keys().next().map_or(&reached, |time| time.min(&reached));
                    if capability.time().less_than(hold) {
                        capability.downgrade(hold);
                    }
                    return;
                }
                // The capability is behind the items if nothing can be left over of them.
                if flushes {
                    complete(&xf, &mut runs, capability, |at, outputs| {
                        output.session(at).give_iterator(outputs.drain(..))
                    });
                }
                held = None;
            }
        },
    )
}

/// The runs of the keys, each with the time of its last item; no run once it has ended.
type Runs<K, S, T> = IndexMap<K, (Option<RunState<S>>, T)>;

/// Completes the runs, those with the earliest last item first, and of these the key that was seen first.
fn complete<In, K, X, T>(
    xf: &X,
    runs: &mut Runs<K, X::State, T>,
    held: &Capability<T>,
    mut give: impl FnMut(&Capability<T>, &mut Vec<(K, X::Out)>),
) where
    T: Timestamp,
    K: Clone,
    X: Transducer<In>,
{
    let mut open: Vec<_> = runs.drain(..).filter_map(|(key, (run, time))| Some((key, run?, time))).collect();
    open.sort_by(|(.., a), (.., b)| a.cmp(b));
    let mut outputs = Vec::new();
    let mut open = open.into_iter().peekable();
    while let Some((key, mut run, time)) = open.next() {
        let _ = run.complete(
            xf,
            &mut unbounded(|item| {
                outputs.push((key.clone(), item));
                ControlFlow::Continue(())
            }),
        );
        if open.peek().is_none_or(|(.., next)| *next != time) {
            give(&held.delayed(&time), &mut outputs);
        }
    }
}

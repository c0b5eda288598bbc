//! Reducers that fold on each worker, and are combined on one.

use std::{collections::BTreeMap, hash::Hash, ops::ControlFlow, rc::Rc};

use timely::{
    ExchangeData,
    container::CapacityContainerBuilder,
    dataflow::{
        StreamVec,
        channels::pact::{Exchange, Pipeline},
        operators::{Capability, CapabilitySet, generic::Operator},
    },
    order::TotalOrder,
    progress::{Stamp, Timestamp},
};
use transducer::{Combine, reducers::IndexMap};

use crate::{Stop, each_time::take_closed, hash::route};

/// An accumulator that is being folded.
struct Folding<A> {
    acc: A,
    ended: bool,
}

impl<A> Folding<A> {
    fn new<In>(reducer: &impl Combine<In, Acc = A>, worker: u64) -> Self {
        let acc = reducer.initial_of_piece(worker);
        let ended = reducer.is_reduced(&acc);
        Self { acc, ended }
    }

    fn step<In>(&mut self, reducer: &impl Combine<In, Acc = A>, item: In) {
        self.ended = self.ended || reducer.step(&mut self.acc, item).is_break();
    }
}

/// The accumulators of a key, each with the number of its worker.
type Pieces<A> = Vec<(u64, A)>;

/// Combines the pieces in the order of their workers.
fn combined<In, R: Combine<In>>(reducer: &R, mut pieces: Pieces<R::Acc>) -> R::Output {
    pieces.sort_by_key(|(worker, _)| *worker);
    let mut pieces = pieces.into_iter().map(|(_, mut acc)| {
        // It may have come from another process.
        if let Err(invalid) = reducer.validate(&mut acc) {
            panic!("a worker has sent an accumulator of another reducer: {invalid}");
        }
        acc
    });
    let mut acc = pieces.next().unwrap_or_else(|| reducer.initial());
    if !reducer.is_reduced(&acc) {
        for later in pieces {
            if reducer.combine(&mut acc, later) == ControlFlow::Break(transducer::Reduced) {
                break;
            }
        }
    }
    reducer.complete(acc)
}

/// One output for each key and time.
pub(crate) fn combine_each_time<'scope, T, In, K, F, R>(
    stream: StreamVec<'scope, T, In>,
    key: F,
    reducer: R,
) -> StreamVec<'scope, T, (K, R::Output)>
where
    T: Timestamp,
    In: 'static,
    K: Hash + Eq + ExchangeData,
    F: Fn(&In) -> K + 'static,
    R: Combine<In, Acc: ExchangeData, Output: 'static> + 'static,
{
    let reducer = Rc::new(reducer);
    let worker = stream.scope().index() as u64;
    let folding = Rc::clone(&reducer);
    let pieces = stream.unary_frontier::<CapacityContainerBuilder<Vec<(K, u64, R::Acc)>>, _, _, _>(
        Pipeline,
        "FoldEachTime",
        move |_, _| {
            let mut open = BTreeMap::<Stamp<T>, (IndexMap<K, Folding<R::Acc>>, CapabilitySet<T>)>::new();
            move |(input, frontier), output| {
                input.for_each(|capability, items| {
                    let (accs, _) = open
                        .entry(capability.stamp().clone())
                        .or_insert_with(|| (IndexMap::default(), capability.retain_stamp(0)));
                    for item in items.drain(..) {
                        let acc = accs.entry(key(&item)).or_insert_with(|| Folding::new(&*folding, worker));
                        acc.step(&*folding, item);
                    }
                });
                for (_, (accs, held)) in take_closed(&mut open, frontier) {
                    output.session(&held).give_iterator(accs.into_iter().map(|(key, piece)| (key, worker, piece.acc)));
                }
            }
        },
    );
    let pact = Exchange::new(|(key, ..): &(K, u64, R::Acc)| route(key));
    pieces.unary_frontier::<CapacityContainerBuilder<Vec<(K, R::Output)>>, _, _, _>(
        pact,
        "CombineEachTime",
        move |_, _| {
            let mut open = BTreeMap::<Stamp<T>, (IndexMap<K, Pieces<R::Acc>>, CapabilitySet<T>)>::new();
            move |(input, frontier), output| {
                input.for_each(|capability, items| {
                    let (pieces, _) = open
                        .entry(capability.stamp().clone())
                        .or_insert_with(|| (IndexMap::default(), capability.retain_stamp(0)));
                    for (key, worker, acc) in items.drain(..) {
                        pieces.entry(key).or_default().push((worker, acc));
                    }
                });
                for (_, (keys, held)) in take_closed(&mut open, frontier) {
                    let outputs = keys.into_iter().map(|(key, pieces)| (key, combined(&*reducer, pieces)));
                    output.session(&held).give_iterator(outputs);
                }
            }
        },
    )
}

/// One output for each key, at the end, and for `always` also if nothing has come.
pub(crate) fn combine_at_end<'scope, T, In, K, F, R>(
    stream: StreamVec<'scope, T, In>,
    key: F,
    reducer: R,
    always: Option<K>,
    stop: Stop,
) -> StreamVec<'scope, T, (K, R::Output)>
where
    T: Timestamp + TotalOrder,
    In: 'static,
    K: Hash + Eq + ExchangeData,
    F: Fn(&In) -> K + 'static,
    R: Combine<In, Acc: ExchangeData, Output: 'static> + 'static,
{
    let reducer = Rc::new(reducer);
    let scope = stream.scope();
    let worker = scope.index() as u64;
    // An only accumulator can end the whole fold.
    let only = always.is_some();
    let mine = always.filter(|key| route(key) % scope.peers() as u64 == worker);
    let folding = Rc::clone(&reducer);
    let pieces = stream.unary_frontier::<CapacityContainerBuilder<Vec<(K, u64, R::Acc)>>, _, _, _>(
        Pipeline,
        "Fold",
        move |first, _| {
            // Each with the latest time of its items.
            let mut accs = IndexMap::<K, (Folding<R::Acc>, T)>::default();
            let mut held = Some(first);
            move |(input, frontier), output| {
                let Some(capability) = &held else { return input.for_each(|_, items| items.clear()) };
                let mut ended = false;
                input.for_each(|stamp, items| {
                    if ended {
                        return items.clear();
                    }
                    let time = stamp.least().unwrap_or(capability.time());
                    for item in items.drain(..) {
                        let (acc, latest) =
                            accs.entry(key(&item)).or_insert_with(|| (Folding::new(&*folding, worker), time.clone()));
                        acc.step(&*folding, item);
                        if *latest < *time {
                            latest.clone_from(time);
                        }
                        if only && acc.ended {
                            ended = true;
                            break;
                        }
                    }
                });
                if ended {
                    stop.ended();
                }
                if ended || frontier.is_empty() {
                    give_by_time(
                        capability,
                        accs.drain(..).map(|(key, (piece, time))| ((key, worker, piece.acc), time)),
                        |at, pieces| output.session(at).give_iterator(pieces.drain(..)),
                    );
                    held = None;
                }
            }
        },
    );
    let pact = Exchange::new(|(key, ..): &(K, u64, R::Acc)| route(key));
    pieces.unary_frontier::<CapacityContainerBuilder<Vec<(K, R::Output)>>, _, _, _>(pact, "Combine", move |first, _| {
        let mut keys = IndexMap::<K, (Pieces<R::Acc>, T)>::default();
        if let Some(key) = mine {
            keys.insert(key, (Vec::new(), first.time().clone()));
        }
        let mut held = Some(first);
        move |(input, frontier), output| {
            let Some(capability) = &held else { return };
            input.for_each(|stamp, items| {
                let time = stamp.least().unwrap_or(capability.time());
                for (key, worker, acc) in items.drain(..) {
                    let (pieces, latest) = keys.entry(key).or_insert_with(|| (Vec::new(), time.clone()));
                    pieces.push((worker, acc));
                    if *latest < *time {
                        latest.clone_from(time);
                    }
                }
            });
            if frontier.is_empty() {
                give_by_time(
                    capability,
                    keys.drain(..).map(|(key, (pieces, time))| ((key, combined(&*reducer, pieces)), time)),
                    |at, outputs| output.session(at).give_iterator(outputs.drain(..)),
                );
                held = None;
            }
        }
    })
}

/// Gives the outputs in the order of their times.
fn give_by_time<T: Timestamp, D>(
    held: &Capability<T>,
    outputs: impl Iterator<Item = (D, T)>,
    mut give: impl FnMut(&Capability<T>, &mut Vec<D>),
) {
    let mut by_time = BTreeMap::<T, Vec<D>>::new();
    for (output, time) in outputs {
        by_time.entry(time).or_default().push(output);
    }
    for (time, mut outputs) in by_time {
        give(&held.delayed(&time), &mut outputs);
    }
}

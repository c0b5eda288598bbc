use alloc::vec::Vec;
use core::hash::Hash;

use rayon::{
    iter::{IntoParallelIterator, ParallelIterator},
    slice::ParallelSliceMut,
};

use crate::{
    kernel::{RunState, Snapshot, Transducer, unbounded},
    reducers::IndexMap,
    stages::{ByKey, ByKeyState},
};

/// Runs each key's copy of a [`by_key`](crate::by_key) on all cores (feature `rayon`). Gives the outputs, in the order in
/// which [`transduce`](crate::transduce) gives them, and the run as it is after the last item.
///
/// The run has not been completed: what its stages have kept is in the [`Snapshot`], which any other driver goes on from,
/// with further items or just to the end. The keys of an item are worked out on all cores, too; the items of one key go
/// through its copy in order, on one thread.
///
/// It pays where the stages are costly and the keys are many. All items are held and moved to their keys first, so that
/// with stages that cost next to nothing it is slower than `transduce` on one core.
///
/// - **Memory**: all items, then all outputs, each with a position.
/// - **Ends**: with the source. It must have an end.
/// - **Panics**: as a stage does; and if `xf` is `remembering` or `restarting`: when its runs begin depends on the order of
///   all items.
///
/// ```
/// use transducer::prelude::*;
///
/// let pairs = || by_key(|x: &u32| x % 2, batching(2));
/// let (outputs, snapshot) = par_by_key(&pairs(), [1, 2, 3, 5]);
/// assert_eq!(outputs, [(1, vec![1, 3])]);
///
/// let mut run = snapshot.resume(pairs(), collection_sink(vec![]))?;
/// let _ = run.send(7);
/// assert_eq!(run.close(), [(1, vec![5, 7]), (0, vec![2])]);
/// # Ok::<(), transducer::SnapshotError>(())
/// ```
#[allow(clippy::type_complexity)] // a pair, as the first line says
pub fn par_by_key<In, K, F, X, I>(xf: &ByKey<F, X>, source: I) -> (Vec<(K, X::Out)>, Snapshot<ByKeyState<K, X::State>>)
where
    I: IntoParallelIterator<Item = In>,
    In: Send,
    K: Eq + Hash + Clone + Send,
    F: Fn(&In) -> K + Sync,
    X: Transducer<In, Out: Send, State: Send> + Sync,
{
    const { X::SHAPE.assert_untimed() };
    assert!(!xf.forgets(), "`xf` must not be `remembering` or `restarting`: its runs depend on the order of all items");
    let keyed: Vec<(K, In)> = source.into_par_iter().map(|item| (xf.key_of(&item), item)).collect();
    let mut items = IndexMap::<K, Vec<(usize, In)>>::default();
    for (position, (key, item)) in keyed.into_iter().enumerate() {
        items.entry(key).or_default().push((position, item));
    }
    let runs: Vec<_> = items
        .into_iter()
        .collect::<Vec<_>>()
        .into_par_iter()
        .map(|(key, items)| {
            let mut run = RunState::new(xf.inner());
            let mut outputs = Vec::new();
            for (position, item) in items {
                let flow = run.step(
                    xf.inner(),
                    item,
                    &mut unbounded(|output| {
                        outputs.push((position, (key.clone(), output)));
                        core::ops::ControlFlow::Continue(())
                    }),
                );
                if flow.is_break() && !run.wants_input() {
                    break;
                }
            }
            (key, run, outputs)
        })
        .collect();
    let mut outputs = Vec::new();
    let runs = runs.into_iter().map(|(key, run, made)| {
        outputs.extend(made);
        (key, run)
    });
    let state = ByKeyState::of_runs(runs, []);
    // Stable, for the outputs of one item.
    outputs.par_sort_by_key(|(position, _)| *position);
    let outputs = outputs.into_iter().map(|(_, output)| output).collect();
    (outputs, Snapshot::of(xf, Some(state)))
}

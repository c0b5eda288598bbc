use core::hash::Hash;

use indexmap::IndexMap;

use crate::{
    Compose, Pipeline, Step, Transducer, debug::debug_closures, inner_run::InnerRun, reduced::Guarded,
};

/// Gives each item to a run of `xf` for its key, and emits what the runs emit, each output with its key,
/// as it comes.
///
/// A run begins with the first item of its key. When it ends itself, as with [`taking`](crate::taking),
/// what it has left over is emitted at once, further items of that key are ignored, and the other
/// runs go on. At the end of the input the remaining runs are completed, in the order in which their
/// keys were first seen. The stage never ends by itself, since a new key can always come.
///
/// Keeps every key that has come, and what `xf` keeps for each of them whose run has not ended; a clone
/// of the key goes with each output. With [`reducing`](crate::reducing) it is itertools' `into_grouping_map_by`;
/// the stage is `by-key` of Christophe Grand's `xforms` for Clojure.
///
/// ```
/// use transducer::{TransduceIterator, batching, by_key, maximum, reducing};
///
/// let words = ["ant", "bee", "asp", "bat", "ape"];
/// let initial = |word: &&str| word.chars().next();
///
/// let pairs = words.into_iter().transduce(by_key(initial, batching(2)));
/// assert_eq!(
///     pairs.collect::<Vec<_>>(),
///     [(Some('a'), vec!["ant", "asp"]), (Some('b'), vec!["bee", "bat"]), (Some('a'), vec!["ape"])]
/// );
/// let lasts = words.into_iter().transduce(by_key(initial, reducing(maximum())));
/// assert_eq!(lasts.collect::<Vec<_>>(), [(Some('a'), Some("asp")), (Some('b'), Some("bee"))]);
/// ```
#[doc(alias("group_by", "partition"))]
pub fn by_key<In, K, F, X>(key: F, xf: X) -> ByKey<F, X>
where
    K: Eq + Hash + Clone,
    F: Fn(&In) -> K,
    X: Transducer<In>,
{
    ByKey { key, xf }
}

/// The transducer that [`by_key`] makes.
#[derive(Clone, Copy)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct ByKey<F, X> {
    key: F,
    xf: X,
}

/// The state of [`ByKey`]: the run of each key, in first-seen order.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(bound(
        serialize = "K: serde::Serialize + Eq + Hash, S: serde::Serialize",
        deserialize = "K: serde::Deserialize<'de> + Eq + Hash, S: serde::Deserialize<'de>"
    ))
)]
pub struct ByKeyState<K, S> {
    // As a sequence, so that keys of any type go into any format, in their order.
    #[cfg_attr(feature = "serde", serde(with = "indexmap::map::serde_seq"))]
    runs: IndexMap<K, InnerRun<S>>,
}

impl<In, K, F, X> Transducer<In> for ByKey<F, X>
where
    K: Eq + Hash + Clone,
    F: Fn(&In) -> K,
    X: Transducer<In>,
{
    type Out = (K, X::Out);
    type State = ByKeyState<K, X::State>;

    #[inline]
    fn initial(&self) -> Self::State {
        ByKeyState { runs: IndexMap::new() }
    }

    #[inline]
    fn step(&self, state: &mut Self::State, item: In, emit: &mut impl FnMut((K, X::Out)) -> Step) -> Step {
        let entry = state.runs.entry((self.key)(&item));
        let place = entry.index();
        entry.or_insert_with(|| InnerRun::new(&self.xf));
        let (key, run) = state.runs.get_index_mut(place).expect("the entry has just been made");
        run.step(&self.xf, || item, &mut |out| emit((key.clone(), out)))
    }

    fn complete(&self, state: Self::State, emit: &mut impl FnMut((K, X::Out)) -> Step) {
        // Every run is completed, also when downstream has had enough after the first.
        let mut downstream = Guarded::new(emit, false);
        for (key, mut run) in state.runs {
            let _ = run.complete(&self.xf, &mut |out| downstream.feed(|emit| emit((key.clone(), out))));
        }
    }
}

debug_closures!(ByKey<F, X> { xf: X; key });

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Gives each item to a run of `xf` for its key: see [`by_key`].
    ///
    /// ```
    /// use transducer::{TransduceIterator, counting, pipeline, reducing};
    ///
    /// let counts = pipeline::<u32>().by_key(|x| x % 2, reducing(counting()));
    /// assert_eq!([1, 2, 3].into_iter().transduce(counts).collect::<Vec<_>>(), [(1, 2), (0, 1)]);
    /// ```
    pub fn by_key<K, F, Y>(self, key: F, xf: Y) -> Pipeline<In, Compose<X, ByKey<F, Y>>>
    where
        K: Eq + Hash + Clone,
        F: Fn(&X::Out) -> K,
        Y: Transducer<X::Out>,
    {
        self.then(by_key(key, xf))
    }
}

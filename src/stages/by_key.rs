use core::{
    hash::{BuildHasher, Hash},
    mem,
    ops::ControlFlow,
};

use indexmap::IndexMap;

use super::{deadlines::Deadlines, key::with_key, recency::Recency};
use crate::{
    hash::FastHash,
    kernel::{
        Change, Compose, Emit, Guarded, InvalidState, Outline, Reduced, RunState, Shape, SizeHint, Splittable, Step,
        Time, Transducer, debug::debug_closures, hint,
    },
    pipeline::Pipeline,
};

/// Runs a separate copy of `xf` for each key and emits `(key, output)` pairs.
///
/// Outputs come as soon as their run makes them. When the input ends, the remaining runs are completed in the order
/// in which their keys first appeared (if `xf` has deadlines: by deadline, then in that order). If one run ends
/// early, as with [`taking`](crate::taking), its leftovers are emitted, its later items are ignored, and the other
/// runs go on.
///
/// - **Memory**: every key seen, each with the state of its run; a clone of the key for each output. If `xf` has
///   deadlines, a key is forgotten as soon as its run is idle. [`ByKey::remembering`] bounds the number of keys, and
///   [`ByKey::restarting`] forgets those whose run has ended.
/// - **Ends**: never by itself, because a new key may always come.
/// - **Like**: itertools `into_grouping_map_by`, but incremental; `by-key` of Clojure's xforms.
///
/// ```
/// use transducer::prelude::*;
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
#[doc(alias("group_by", "partition", "into_grouping_map_by"))]
pub fn by_key<In, K, F, X>(key: F, xf: X) -> ByKey<F, X>
where
    K: Eq + Hash + Clone,
    F: Fn(&In) -> K,
    X: Transducer<In>,
{
    ByKey { key, xf, hasher: FastHash::default(), most: usize::MAX, restarting: false }
}

/// The transducer of [`by_key`].
#[derive(Clone, Copy)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct ByKey<F, X, H = FastHash> {
    key: F,
    xf: X,
    hasher: H,
    /// How many keys are remembered.
    most: usize,
    restarting: bool,
}

impl<F, X, H> ByKey<F, X, H> {
    /// Sets how keys are hashed: by [`FastHash`], unless this says otherwise.
    ///
    /// ```
    /// use std::hash::RandomState;
    /// use transducer::prelude::*;
    ///
    /// let counts = by_key(|x: &u32| x % 2, reducing(counting())).with_hasher(RandomState::new());
    /// assert_eq!([1, 2, 3].into_iter().transduce(counts).collect::<Vec<_>>(), [(1, 2), (0, 1)]);
    /// ```
    pub fn with_hasher<G: BuildHasher + Clone>(self, hasher: G) -> ByKey<F, X, G> {
        let Self { key, xf, most, restarting, .. } = self;
        ByKey { key, xf, hasher, most, restarting }
    }

    /// Remembers only the `count` keys that came last.
    ///
    /// When an item brings one key more, then after its outputs the run of the key that has not come for longest is
    /// completed, and what is left over is emitted. An item of that key starts a new run.
    ///
    /// - **Memory**: `count` keys, each with the state of its run.
    /// - **Panics**: if `count` is 0.
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let batches = by_key(|word: &&str| word.chars().next(), batching(2)).remembering(2);
    /// let outputs = ["ant", "bee", "cow", "bat", "ape"].into_iter().transduce(batches);
    /// assert_eq!(
    ///     outputs.collect::<Vec<_>>(),
    ///     // For "cow", 'a' is forgotten; for "ape", it is 'c'.
    ///     [
    ///         (Some('a'), vec!["ant"]),
    ///         (Some('b'), vec!["bee", "bat"]),
    ///         (Some('c'), vec!["cow"]),
    ///         (Some('a'), vec!["ape"])
    ///     ]
    /// );
    /// ```
    #[track_caller]
    pub fn remembering(self, count: usize) -> Self {
        assert!(count > 0, "`count` must be at least 1");
        Self { most: count, ..self }
    }

    /// Starts a new run for an item of a key whose run has ended, instead of ignoring it.
    ///
    /// - **Memory**: the keys whose runs are open.
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let pairs = by_key(|x: &u32| x % 2, compose((taking(2), reducing(summing::<u32>())))).restarting();
    /// let sums = [1, 3, 5, 7, 2].into_iter().transduce(pairs);
    /// assert_eq!(sums.collect::<Vec<_>>(), [(1, 4), (1, 12), (0, 2)]);
    /// ```
    pub fn restarting(self) -> Self {
        Self { restarting: true, ..self }
    }
}

/// The state of [`ByKey`]: each key with its run.
#[derive(Clone, Debug)]
pub struct ByKeyState<K, S, H = FastHash> {
    runs: IndexMap<K, Keyed<S>, H>,
    /// How many runs have begun.
    begun: u64,
    /// In which order the keys came last, if only some are remembered.
    recent: Recency,
    deadlines: Deadlines<K>,
    left: Left,
}

/// The run of a key, and how many had begun before it.
#[derive(Clone, Debug)]
struct Keyed<S> {
    run: RunState<S>,
    begun: u64,
}

/// What is left to be done of a call, while downstream is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Left {
    Nothing,
    /// The run at this place has more to make.
    Of(usize),
    /// Likewise; then it is forgotten.
    Forgetting(usize),
    /// Likewise; then all further ones are to be completed.
    From(usize),
}

#[cfg(feature = "rayon")]
impl<F, X, H> ByKey<F, X, H> {
    pub(crate) fn key_of<In, K>(&self, item: &In) -> K
    where
        F: Fn(&In) -> K,
    {
        (self.key)(item)
    }

    pub(crate) fn inner(&self) -> &X {
        &self.xf
    }
}

#[cfg(any(feature = "rayon", feature = "serde"))]
impl<K: Eq + Hash, S, H: BuildHasher + Default> ByKeyState<K, S, H> {
    /// Of runs in the order in which they began, and the places of those that are remembered, in the order in which they
    /// came last.
    pub(crate) fn of_runs(
        runs: impl IntoIterator<Item = (K, RunState<S>)>,
        order: impl IntoIterator<Item = usize>,
    ) -> Self {
        let runs: IndexMap<_, _, H> = (1..).zip(runs).map(|(begun, (key, run))| (key, Keyed { run, begun })).collect();
        let begun = runs.len() as u64;
        let mut recent = Recency::new();
        for place in order.into_iter().filter(|place| *place < runs.len()) {
            recent.know(runs.len());
            recent.touch(place);
        }
        Self { runs, begun, recent, deadlines: Deadlines::new(), left: Left::Nothing }
    }
}

impl<K, S, H> ByKeyState<K, S, H> {
    /// Forgets the run at `place`; the last takes its place.
    fn forget(&mut self, place: usize) {
        self.runs.swap_remove_index(place);
        self.recent.swap_remove(place);
    }
}

impl<F, X, H> ByKey<F, X, H> {
    /// Completes the runs from `place` on, even if downstream wants no more.
    fn complete_from<In, K, E>(
        &self,
        place: usize,
        state: &mut ByKeyState<K, X::State, H>,
        out: &mut Guarded<&mut E>,
    ) -> Step
    where
        K: Eq + Hash + Clone,
        X: Transducer<In>,
        E: Emit<(K, X::Out)>,
    {
        for place in place..state.runs.len() {
            let Some((key, keyed)) = state.runs.get_index_mut(place) else { break };
            let _ = keyed.run.complete(&self.xf, &mut with_key(key, out));
            if out.is_full() {
                state.left = Left::From(place);
                return ControlFlow::Continue(());
            }
        }
        state.left = Left::Nothing;
        if out.reduced { ControlFlow::Break(Reduced) } else { ControlFlow::Continue(()) }
    }

    /// Puts the runs in the order in which they are due.
    // Apart from `complete`, or there would be a closure, and with it a sort, for each `out`.
    fn sort_by_due<In, K>(&self, state: &mut ByKeyState<K, X::State, H>)
    where
        K: Eq + Hash,
        X: Transducer<In>,
        H: BuildHasher,
    {
        state.runs.sort_by(|_, a, _, b| {
            let due = |keyed: &Keyed<X::State>| (keyed.run.deadline(&self.xf).unwrap_or(Time::END), keyed.begun);
            due(a).cmp(&due(b))
        });
    }

    /// Whether runs are forgotten, be it because of their number or because they have ended.
    #[inline]
    pub(crate) fn forgets(&self) -> bool {
        self.restarting || self.most < usize::MAX
    }

    /// Whether a run with nothing left to make need not be remembered.
    #[inline]
    fn is_done<In>(&self, run: &RunState<X::State>) -> bool
    where
        X: Transducer<In>,
    {
        // One that makes an item at most, and nothing at its end, has nothing left to make once it has ended.
        let makes_nothing_later = !X::SHAPE.resumes();
        let is_over = run.is_over() || (makes_nothing_later && !run.wants_input());
        (X::SHAPE.is_timed() && run.is_idle(&self.xf)) || (self.restarting && is_over)
    }

    /// Sees to the deadline of the run at `place` after a call, or forgets it. `before` is when it was due before that.
    #[inline]
    fn attend<In, K>(&self, place: usize, before: Option<Time>, is_full: bool, state: &mut ByKeyState<K, X::State, H>)
    where
        K: Eq + Hash + Clone,
        X: Transducer<In>,
        H: BuildHasher,
    {
        // Where a run makes one item at most, nothing is left of it, full or not.
        let is_left = is_full && X::SHAPE.resumes();
        state.left = if is_left { Left::Of(place) } else { Left::Nothing };
        let Some((key, keyed)) = state.runs.get_index(place) else { return };
        let begun = keyed.begun;
        if !is_left && self.is_done(&keyed.run) {
            state.forget(place);
        } else if let Some(deadline) = keyed.run.deadline(&self.xf) {
            if before.is_none_or(|before| deadline < before) {
                state.deadlines.note(deadline, begun, key);
            }
        }
        if X::SHAPE.is_timed() && state.deadlines.is_unsettled(begun, state.runs.len()) {
            self.settle(state);
        }
    }

    /// Makes the first deadline exact.
    #[inline]
    fn settle<In, K>(&self, state: &mut ByKeyState<K, X::State, H>)
    where
        K: Eq + Hash + Clone,
        X: Transducer<In>,
        H: BuildHasher,
    {
        if X::SHAPE.is_timed() {
            let ByKeyState { runs, deadlines, .. } = state;
            let runs = &*runs;
            deadlines.settle(runs.len(), |key, begun| {
                runs.get(key).filter(|keyed| keyed.begun == begun)?.run.deadline(&self.xf)
            });
        }
    }

    /// Completes and forgets the runs of the keys that came least recently, while there are too many and nothing else is
    /// left to make.
    #[inline]
    fn make_room<In, K, E>(&self, state: &mut ByKeyState<K, X::State, H>, out: &mut E) -> Step
    where
        K: Eq + Hash + Clone,
        X: Transducer<In>,
        H: BuildHasher,
        E: Emit<(K, X::Out)>,
    {
        while state.runs.len() > self.most && state.left == Left::Nothing {
            let Some(place) = state.recent.oldest() else { break };
            if let Some((key, keyed)) = state.runs.get_index_mut(place).filter(|_| X::SHAPE.flushes()) {
                keyed.run.complete(&self.xf, &mut with_key(key, out))?;
                if out.is_full() {
                    state.left = Left::Forgetting(place);
                    break;
                }
            }
            state.forget(place);
            self.settle(state);
        }
        ControlFlow::Continue(())
    }
}

impl<In, K, F, X, H> Transducer<In> for ByKey<F, X, H>
where
    K: Eq + Hash + Clone,
    F: Fn(&In) -> K,
    X: Transducer<In>,
    H: BuildHasher + Clone,
{
    type Out = (K, X::Out);
    type State = ByKeyState<K, X::State, H>;

    // A run that ends is completed in a step, and a run that is open at the end.
    const SHAPE: Shape =
        if X::SHAPE.flushes() { X::SHAPE.then(Shape::MANY) } else { X::SHAPE.then(Shape::AT_MOST_ONE) };

    #[inline]
    fn initial(&self) -> Self::State {
        ByKeyState {
            runs: IndexMap::with_hasher(self.hasher.clone()),
            begun: 0,
            recent: Recency::new(),
            deadlines: Deadlines::new(),
            left: Left::Nothing,
        }
    }

    #[inline(always)]
    fn step(&self, state: &mut Self::State, item: In, out: &mut impl Emit<(K, X::Out)>) -> Step {
        let entry = state.runs.entry((self.key)(&item));
        let place = entry.index();
        let begun = &mut state.begun;
        entry.or_insert_with(|| {
            *begun += 1;
            Keyed { run: RunState::new(&self.xf), begun: *begun }
        });
        if self.most < usize::MAX {
            state.recent.touch(place);
        }
        let (key, keyed) = state.runs.get_index_mut(place).expect("the entry has just been made");
        let before = keyed.run.deadline(&self.xf);
        let flow = keyed.run.step(&self.xf, item, &mut with_key(key, out));
        if Self::SHAPE.resumes() || Self::SHAPE.is_timed() || self.forgets() {
            self.attend(place, before, out.is_full(), state);
            flow?;
            return self.make_room(state, out);
        }
        flow
    }

    #[inline]
    fn resume(&self, state: &mut Self::State, out: &mut impl Emit<(K, X::Out)>) -> Step {
        let left = state.left;
        let (Left::Of(place) | Left::Forgetting(place) | Left::From(place)) = left else {
            return ControlFlow::Continue(());
        };
        let Some((key, keyed)) = state.runs.get_index_mut(place) else { return ControlFlow::Continue(()) };
        let before = keyed.run.deadline(&self.xf);
        let mut out = Guarded::new(out, false);
        let flow = keyed.run.resume(&self.xf, &mut with_key(key, &mut out));
        match left {
            Left::From(_) if !out.is_full() => return self.complete_from(place + 1, state, &mut out),
            Left::From(_) => return flow,
            Left::Forgetting(_) if out.is_full() => return flow,
            Left::Forgetting(_) => {
                state.left = Left::Nothing;
                state.forget(place);
                self.settle(state);
            }
            _ => self.attend(place, before, out.is_full(), state),
        }
        flow?;
        self.make_room(state, &mut out)
    }

    fn complete(&self, state: &mut Self::State, out: &mut impl Emit<(K, X::Out)>) -> Step {
        if X::SHAPE.is_timed() || self.forgets() {
            self.sort_by_due(state);
        }
        self.complete_from(0, state, &mut Guarded::new(out, false))
    }

    #[inline]
    fn deadline(&self, state: &Self::State) -> Option<Time> {
        state.deadlines.first()
    }

    fn advance(&self, state: &mut Self::State, out: &mut impl Emit<(K, X::Out)>) -> Step {
        while let Some(key) = state.deadlines.due(out.now()) {
            let Some((place, key, keyed)) = state.runs.get_full_mut(key) else { break };
            let before = keyed.run.deadline(&self.xf);
            let flow = keyed.run.advance(&self.xf, &mut with_key(key, out));
            self.attend(place, before, out.is_full(), state);
            flow?;
            if out.is_full() {
                break;
            }
        }
        ControlFlow::Continue(())
    }

    fn is_idle(&self, state: &Self::State) -> bool {
        state.runs.is_empty()
    }

    fn size_hint(&self, state: &Self::State, input: SizeHint) -> SizeHint {
        if !X::SHAPE.flushes() && X::SHAPE.emits_at_most_one() {
            return if X::SHAPE.emits_one() { input } else { hint::up_to(input) };
        }
        // With no input there are no new keys.
        match input {
            (_, Some(0)) => {
                let runs = state.runs.values().map(|keyed| keyed.run.size_hint(&self.xf, hint::NOTHING));
                runs.fold(hint::NOTHING, hint::add)
            }
            _ => (0, None),
        }
    }

    fn describe(&self, outline: &mut Outline) {
        let by_key = outline.stage("by_key").setting("remembering", self.most, Change::Free);
        by_key.setting("restarting", self.restarting, Change::Free).inside(|outline| self.xf.describe(outline));
    }

    fn validate(&self, state: &mut Self::State) -> Result<(), InvalidState> {
        // Whatever hash the run was begun with, it goes on with this recipe's.
        let runs = mem::replace(&mut state.runs, IndexMap::with_hasher(self.hasher.clone()));
        state.runs.extend(runs);
        if self.most == usize::MAX {
            state.recent = Recency::new();
        } else {
            state.recent.know(state.runs.len());
        }
        state.runs.values_mut().try_for_each(|keyed| keyed.run.validate(&self.xf))?;
        for place in (0..state.runs.len()).rev() {
            if self.is_done(&state.runs[place].run) {
                state.forget(place);
            }
        }
        state.deadlines = Deadlines::new();
        for (key, keyed) in &state.runs {
            if let Some(deadline) = keyed.run.deadline(&self.xf) {
                state.deadlines.note(deadline, keyed.begun, key);
            }
        }
        Ok(())
    }
}

impl<F, X: Splittable, H> Splittable for ByKey<F, X, H> {}

/// The runs are written as pairs, in the order in which they began, so that keys of any type go into any format; and
/// where only some keys are remembered, their places in that list, in the order in which they came last.
#[cfg(feature = "serde")]
mod serialized {
    use alloc::vec::Vec;

    use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::Error};

    use super::*;

    impl<K: Serialize, S: Serialize, H> Serialize for ByKeyState<K, S, H> {
        fn serialize<Z: Serializer>(&self, serializer: Z) -> Result<Z::Ok, Z::Error> {
            if self.left != Left::Nothing {
                return Err(Z::Error::custom("outputs are pending"));
            }
            let mut places: Vec<usize> = (0..self.runs.len()).collect();
            places.sort_unstable_by_key(|place| self.runs[*place].begun);
            let mut ranks = alloc::vec![0; places.len()];
            for (rank, place) in places.iter().enumerate() {
                ranks[*place] = rank;
            }
            let recent: Vec<usize> = self.recent.order().map(|place| ranks[place]).collect();
            let runs = places.iter().filter_map(|place| self.runs.get_index(*place));
            (runs.map(|(key, keyed)| (key, &keyed.run)).collect::<Vec<_>>(), recent).serialize(serializer)
        }
    }

    impl<'de, K, S, H> Deserialize<'de> for ByKeyState<K, S, H>
    where
        K: Deserialize<'de> + Eq + Hash,
        S: Deserialize<'de>,
        H: BuildHasher + Default,
    {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let (runs, order) = <(Vec<(K, RunState<S>)>, Vec<usize>)>::deserialize(deserializer)?;
            Ok(Self::of_runs(runs, order))
        }
    }
}

debug_closures!(ByKey<F, X, H> { xf: X, most: usize, restarting: bool; key, hasher });

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Runs a separate copy of `xf` for each key and emits `(key, output)` pairs. See [`by_key`].
    ///
    /// ```
    /// use transducer::prelude::*;
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

impl<In, X, F, Y, H> Pipeline<In, Compose<X, ByKey<F, Y, H>>> {
    /// Sets how the stage just added hashes keys. See [`ByKey::with_hasher`].
    ///
    /// ```
    /// use std::hash::RandomState;
    /// use transducer::prelude::*;
    ///
    /// let firsts = pipeline::<u32>().by_key(|x| x % 2, first()).with_hasher(RandomState::new());
    /// assert_eq!([1, 2, 3].into_iter().transduce(firsts).collect::<Vec<_>>(), [(1, 1), (0, 2)]);
    /// ```
    pub fn with_hasher<G: BuildHasher + Clone>(self, hasher: G) -> Pipeline<In, Compose<X, ByKey<F, Y, G>>> {
        self.exchange(|by_key| by_key.with_hasher(hasher))
    }

    /// Has the stage just added remember only the `count` keys that came last. See [`ByKey::remembering`].
    ///
    /// - **Panics**: if `count` is 0.
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let firsts = pipeline::<u32>().by_key(|x| *x, first()).remembering(1);
    /// assert_eq!([1, 1, 2, 1].into_iter().transduce(firsts).collect::<Vec<_>>(), [(1, 1), (2, 2), (1, 1)]);
    /// ```
    #[track_caller]
    pub fn remembering(self, count: usize) -> Self {
        self.set(|by_key| by_key.remembering(count))
    }

    /// Has the stage just added start a new run for an item of a key whose run has ended. See [`ByKey::restarting`].
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let sums = pipeline::<u32>().by_key(|_| (), pipeline().take(2).reduce_with(summing::<u32>())).restarting();
    /// assert_eq!([1, 2, 3].into_iter().transduce(sums).collect::<Vec<_>>(), [((), 3), ((), 3)]);
    /// ```
    pub fn restarting(self) -> Self {
        self.set(ByKey::restarting)
    }
}

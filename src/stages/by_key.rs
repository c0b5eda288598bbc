use core::{hash::Hash, ops::ControlFlow};

use indexmap::IndexMap;

use super::deadlines::Deadlines;
use crate::{
    kernel::{
        Compose, Emit, Guarded, InvalidState, Outline, Reduced, RunState, Shape, SizeHint, Splittable, Step, Time,
        Transducer, debug::debug_closures, hint,
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
///   deadlines, a key is forgotten as soon as its run is idle.
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
    ByKey { key, xf }
}

/// The transducer of [`by_key`].
#[derive(Clone, Copy)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct ByKey<F, X> {
    key: F,
    xf: X,
}

/// The state of [`ByKey`]: each key with its run.
#[derive(Clone, Debug)]
pub struct ByKeyState<K, S> {
    runs: IndexMap<K, Keyed<S>>,
    /// How many runs have begun.
    begun: u64,
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
    /// Likewise; then all further ones are to be completed.
    From(usize),
}

#[cfg(feature = "rayon")]
impl<F, X> ByKey<F, X> {
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
impl<K: Eq + Hash, S> ByKeyState<K, S> {
    /// Of runs in the order in which they began.
    pub(crate) fn of_runs(runs: impl IntoIterator<Item = (K, RunState<S>)>) -> Self {
        let runs: IndexMap<_, _> = (1..).zip(runs).map(|(begun, (key, run))| (key, Keyed { run, begun })).collect();
        let begun = runs.len() as u64;
        Self { runs, begun, deadlines: Deadlines::new(), left: Left::Nothing }
    }
}

impl<F, X> ByKey<F, X> {
    /// Completes the runs from `place` on, even if downstream wants no more.
    fn complete_from<In, K, E>(
        &self,
        place: usize,
        state: &mut ByKeyState<K, X::State>,
        out: &mut Guarded<&mut E>,
    ) -> Step
    where
        K: Eq + Hash + Clone,
        X: Transducer<In>,
        E: Emit<(K, X::Out)>,
    {
        for place in place..state.runs.len() {
            let Some((key, keyed)) = state.runs.get_index_mut(place) else { break };
            let _ = keyed.run.complete(&self.xf, &mut out.map(|item| (key.clone(), item)));
            if out.is_full() {
                state.left = Left::From(place);
                return ControlFlow::Continue(());
            }
        }
        state.left = Left::Nothing;
        if out.reduced { ControlFlow::Break(Reduced) } else { ControlFlow::Continue(()) }
    }

    /// Sees to the deadline of the run at `place` after a call, or forgets it. `before` is when it was due before that.
    #[inline]
    fn attend<In, K>(&self, place: usize, before: Option<Time>, is_full: bool, state: &mut ByKeyState<K, X::State>)
    where
        K: Eq + Hash + Clone,
        X: Transducer<In>,
    {
        // Where a run makes one item at most, nothing is left of it, full or not.
        let is_left = is_full && X::SHAPE.resumes();
        state.left = if is_left { Left::Of(place) } else { Left::Nothing };
        if X::SHAPE.is_timed() {
            let ByKeyState { runs, deadlines, .. } = state;
            if let Some((key, keyed)) = runs.get_index(place) {
                if !is_left && keyed.run.is_idle(&self.xf) {
                    runs.swap_remove_index(place);
                } else if let Some(deadline) = keyed.run.deadline(&self.xf) {
                    if before.is_none_or(|before| deadline < before) {
                        deadlines.note(deadline, keyed.begun, key);
                    }
                }
            }
            let runs = &*runs;
            deadlines.settle(runs.len(), |key, begun| {
                runs.get(key).filter(|keyed| keyed.begun == begun)?.run.deadline(&self.xf)
            });
        }
    }
}

impl<In, K, F, X> Transducer<In> for ByKey<F, X>
where
    K: Eq + Hash + Clone,
    F: Fn(&In) -> K,
    X: Transducer<In>,
{
    type Out = (K, X::Out);
    type State = ByKeyState<K, X::State>;

    // A run that ends is completed in a step, and a run that is open at the end.
    const SHAPE: Shape =
        if X::SHAPE.flushes() { X::SHAPE.then(Shape::MANY) } else { X::SHAPE.then(Shape::AT_MOST_ONE) };

    #[inline]
    fn initial(&self) -> Self::State {
        ByKeyState { runs: IndexMap::new(), begun: 0, deadlines: Deadlines::new(), left: Left::Nothing }
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
        let (key, keyed) = state.runs.get_index_mut(place).expect("the entry has just been made");
        let before = keyed.run.deadline(&self.xf);
        let flow = keyed.run.step(&self.xf, item, &mut out.map(|item| (key.clone(), item)));
        if Self::SHAPE.resumes() || Self::SHAPE.is_timed() {
            self.attend(place, before, out.is_full(), state);
        }
        flow
    }

    #[inline]
    fn resume(&self, state: &mut Self::State, out: &mut impl Emit<(K, X::Out)>) -> Step {
        let (Left::Of(place) | Left::From(place)) = state.left else { return ControlFlow::Continue(()) };
        let Some((key, keyed)) = state.runs.get_index_mut(place) else { return ControlFlow::Continue(()) };
        let before = keyed.run.deadline(&self.xf);
        let mut out = Guarded::new(out, false);
        let flow = keyed.run.resume(&self.xf, &mut out.map(|item| (key.clone(), item)));
        match state.left {
            Left::From(_) if !out.is_full() => self.complete_from(place + 1, state, &mut out),
            Left::From(_) => flow,
            _ => {
                self.attend(place, before, out.is_full(), state);
                flow
            }
        }
    }

    fn complete(&self, state: &mut Self::State, out: &mut impl Emit<(K, X::Out)>) -> Step {
        if X::SHAPE.is_timed() {
            state.runs.sort_by(|_, a, _, b| {
                let due = |keyed: &Keyed<X::State>| (keyed.run.deadline(&self.xf).unwrap_or(Time::END), keyed.begun);
                due(a).cmp(&due(b))
            });
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
            let flow = keyed.run.advance(&self.xf, &mut out.map(|item| (key.clone(), item)));
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
        outline.stage("by_key").inside(|outline| self.xf.describe(outline));
    }

    fn validate(&self, state: &mut Self::State) -> Result<(), InvalidState> {
        state.runs.values_mut().try_for_each(|keyed| keyed.run.validate(&self.xf))?;
        if X::SHAPE.is_timed() {
            let ByKeyState { runs, deadlines, .. } = state;
            runs.retain(|_, keyed| !keyed.run.is_idle(&self.xf));
            *deadlines = Deadlines::new();
            for (key, keyed) in &*runs {
                if let Some(deadline) = keyed.run.deadline(&self.xf) {
                    deadlines.note(deadline, keyed.begun, key);
                }
            }
        }
        Ok(())
    }
}

impl<F, X: Splittable> Splittable for ByKey<F, X> {}

/// Only the runs are written, as pairs in the order in which they began, so that keys of any type go into any format.
#[cfg(feature = "serde")]
mod serialized {
    use alloc::vec::Vec;

    use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::Error};

    use super::*;

    impl<K: Serialize, S: Serialize> Serialize for ByKeyState<K, S> {
        fn serialize<Z: Serializer>(&self, serializer: Z) -> Result<Z::Ok, Z::Error> {
            if self.left != Left::Nothing {
                return Err(Z::Error::custom("outputs are pending"));
            }
            let mut runs: Vec<_> = self.runs.iter().collect();
            runs.sort_unstable_by_key(|(_, keyed)| keyed.begun);
            serializer.collect_seq(runs.into_iter().map(|(key, keyed)| (key, &keyed.run)))
        }
    }

    impl<'de, K: Deserialize<'de> + Eq + Hash, S: Deserialize<'de>> Deserialize<'de> for ByKeyState<K, S> {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            Vec::<(K, RunState<S>)>::deserialize(deserializer).map(Self::of_runs)
        }
    }
}

debug_closures!(ByKey<F, X> { xf: X; key });

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

//! [`Snapshot`]: a run that has been set aside.

#[cfg(feature = "alloc")]
use alloc::{string::String, vec::Vec};

#[cfg(feature = "alloc")]
use super::{Outline, Transducer};

/// The version of what a snapshot looks like when it is written.
#[cfg(feature = "alloc")]
const FORMAT: u32 = 1;

/// A run that has been set aside: plain data, to be kept, cloned, or written in any format of serde's.
///
/// Made by [`ReactiveTransduce::suspend`](crate::drivers::ReactiveTransduce::suspend) and
/// [`Run::suspend`](crate::kernel::Run::suspend), of a run that has nothing left to emit. It goes on by
/// [`resume`](Self::resume) or [`resume_run`](Self::resume_run), in another process and with a newer program if you
/// like.
///
/// It carries, beside the state of each stage:
///
/// - the names of the recipe's stages in their order. A recipe with others is refused.
/// - the settings of the stages. Where they differ, the new ones apply; where that has no meaning (`top(3)` doesn't
///   know what the fourth was), an error names the stage and both settings.
/// - a [label](Self::with_label) of your own, for what the names don't tell, such as the version of a closure.
/// - the version of the format.
///
/// A state that no run of the recipe can have is refused too. So a snapshot from hostile hands is an error, or a run
/// that goes on from made-up items; it makes no run panic, hang, or reserve memory.
///
/// - **Memory**: the states, and some bytes a stage.
///
/// ```
/// # #[cfg(feature = "serde")] {
/// use transducer::{Snapshot, prelude::*};
///
/// let pairs = || compose((filtering(|x: &u32| x % 2 == 1), batching(2)));
/// let mut run = reactive_transduce(pairs(), collection_sink(vec![]));
/// run.send(1);
/// let (snapshot, sink) = run.suspend();
/// let json = serde_json::to_string(&snapshot)?;
///
/// let snapshot: Snapshot<_> = serde_json::from_str(&json)?;
/// assert_eq!(snapshot.recipe(), "filtering | batching");
/// let mut run = snapshot.resume(pairs(), sink)?;
/// run.send(3);
/// assert_eq!(run.close(), [[1, 3]]);
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[cfg(feature = "alloc")]
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Snapshot<S> {
    format: u32,
    label: String,
    recipe: String,
    settings: Vec<(String, String)>,
    run: Stored<S>,
}

/// A run whose outputs have all been taken.
#[cfg(feature = "alloc")]
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(super) enum Stored<S> {
    /// Takes input.
    Open(S),
    /// Has ended, and has been completed.
    Over,
}

#[cfg(feature = "alloc")]
impl<S> Snapshot<S> {
    /// Of a run of `xf` with this state, or one that is over.
    pub(crate) fn of<In, X: Transducer<In, State = S>>(xf: &X, state: Option<S>) -> Self {
        let outline = Outline::of(xf);
        let settings = outline.settings.into_iter().map(|setting| (setting.key(), setting.value)).collect();
        let run = state.map_or(Stored::Over, Stored::Open);
        Self { format: FORMAT, label: String::new(), recipe: outline.stages, settings, run }
    }

    /// Sets the label, which is empty otherwise.
    #[must_use]
    pub fn with_label(self, label: impl Into<String>) -> Self {
        Self { label: label.into(), ..self }
    }

    /// The label.
    pub fn label(&self) -> &str {
        &self.label
    }

    /// Passes the snapshot on if it has this label.
    ///
    /// - **Errors**: [`SnapshotError::Label`] if it has another.
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let (snapshot, _) = reactive_transduce(pipeline::<u8>().chunks(2), null_sink()).suspend();
    /// let snapshot = snapshot.with_label("orders, v2");
    /// assert_eq!(
    ///     snapshot.expect_label("orders, v3").unwrap_err().to_string(),
    ///     "the snapshot has the label `orders, v2`, not `orders, v3`"
    /// );
    /// ```
    pub fn expect_label(self, label: &str) -> Result<Self, SnapshotError> {
        if self.label == label {
            return Ok(self);
        }
        Err(SnapshotError::Label { found: self.label, expected: label.into() })
    }

    /// The stages of the recipe that this is a run of, in their order.
    pub fn recipe(&self) -> &str {
        &self.recipe
    }

    /// Whether the run has ended: it takes no more items, and has emitted everything.
    pub fn is_over(&self) -> bool {
        matches!(self.run, Stored::Over)
    }

    /// Checks that this is the snapshot of a run of `xf`, and fits it to the settings of `xf`; [`resume`](Self::resume)
    /// does that too.
    ///
    /// - **Errors**: as [`resume`](Self::resume).
    pub fn check<In, X: Transducer<In, State = S>>(&mut self, xf: &X) -> Result<(), SnapshotError> {
        if self.format != FORMAT {
            return Err(SnapshotError::Format { found: self.format, expected: FORMAT });
        }
        let Outline { stages, settings, .. } = Outline::of(xf);
        if self.recipe != stages {
            return Err(SnapshotError::Recipe { found: self.recipe.clone(), expected: stages });
        }
        let keys = self.settings.iter().map(|(key, _)| key.clone());
        if !keys.eq(settings.iter().map(super::outline::Setting::key)) {
            return Err(SnapshotError::Invalid(InvalidState::new(
                "snapshot",
                "its settings are not those of the stages",
            )));
        }
        for (setting, (_, before)) in settings.into_iter().zip(&self.settings) {
            if !setting.follows(before) {
                let (stage, name, now) = (setting.stage, setting.name, setting.value);
                return Err(SnapshotError::Setting { stage, setting: name, before: before.clone(), now });
            }
        }
        match &mut self.run {
            Stored::Open(state) => xf.validate(state).map_err(SnapshotError::Invalid),
            Stored::Over => Ok(()),
        }
    }

    /// The state, for a run of `xf`; `None` if the run is over.
    pub(crate) fn open<In, X: Transducer<In, State = S>>(mut self, xf: &X) -> Result<Option<S>, SnapshotError> {
        self.check(xf)?;
        match self.run {
            Stored::Open(state) => Ok(Some(state)),
            Stored::Over => Ok(None),
        }
    }
}

/// Why a run can't be set aside, or a snapshot not be gone on with.
#[cfg(feature = "alloc")]
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SnapshotError {
    /// The run still has outputs to give.
    #[error("outputs are pending: take them by `resume`, until it gives `None`, before the run is set aside")]
    Pending,
    /// The snapshot was written in another format.
    #[error("the snapshot is in format {found}, and this version reads format {expected}")]
    #[allow(missing_docs)]
    Format { found: u32, expected: u32 },
    /// The label is another.
    #[error("the snapshot has the label `{found}`, not `{expected}`")]
    #[allow(missing_docs)]
    Label { found: String, expected: String },
    /// The recipe has other stages.
    #[error("the snapshot is of a run of `{found}`, not of `{expected}`")]
    #[allow(missing_docs)]
    Recipe { found: String, expected: String },
    /// A setting has changed in a way that has no meaning for what the run has kept.
    #[error(
        "`{setting}` of `{stage}` was {before} when the snapshot was taken and is {now} now: what it kept doesn't allow that"
    )]
    #[allow(missing_docs)]
    Setting { stage: &'static str, setting: &'static str, before: String, now: String },
    /// No run of the recipe has this state.
    #[error(transparent)]
    Invalid(#[from] InvalidState),
}

/// The error for a state that no run of a recipe can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the state of `{stage}` is invalid: {reason}")]
pub struct InvalidState {
    stage: &'static str,
    reason: &'static str,
}

impl InvalidState {
    /// For the stage or reducer of this name. `reason` goes on after "the state is invalid:".
    pub const fn new(stage: &'static str, reason: &'static str) -> Self {
        Self { stage, reason }
    }

    /// Unless a counter can have come that far: half of what there is takes centuries.
    pub(crate) fn unless_reachable(stage: &'static str, counter: impl TryInto<isize>) -> Result<(), Self> {
        Self::unless(counter.try_into().is_ok(), stage, "it has counted more items than any run")
    }

    /// Unless `holds`.
    pub(crate) fn unless(holds: bool, stage: &'static str, reason: &'static str) -> Result<(), Self> {
        if holds { Ok(()) } else { Err(Self::new(stage, reason)) }
    }
}

//! [`Outline`]: what a recipe is made of, so that a snapshot can tell whether it is of the same one.

#[cfg(feature = "alloc")]
use alloc::{
    string::{String, ToString},
    vec::Vec,
};
use core::fmt::Display;

/// The stages of a recipe in their order, and their settings.
///
/// A [`Snapshot`](crate::Snapshot) carries the outline of the recipe that it is a run of, and is refused by a recipe
/// with another one. It is written by [`Transducer::describe`](crate::Transducer::describe) and
/// [`Reducer::describe`](crate::Reducer::describe): names, and never types, so that it is equal across compilers,
/// builds and machines.
///
/// - **Memory**: a few bytes a stage. Without the feature `alloc` it keeps nothing.
///
/// ```
/// use transducer::{kernel::Outline, prelude::*};
///
/// let xf = compose((skipping(1), by_key(|item: &u32| item % 2, batching(3))));
/// assert_eq!(Outline::of::<u32, _>(&xf).to_string(), "skipping | by_key(batching)");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    #[cfg(feature = "alloc")]
    pub(super) stages: String,
    #[cfg(feature = "alloc")]
    pub(super) settings: Vec<Setting>,
    /// Whether what is written next is one side of a composition.
    beside: bool,
}

/// What may become of a setting when a run is set aside and goes on.
///
/// For settings that mean something else to the items that a run has kept, or has not kept any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It may change; the new one applies from then on.
    Free,
    /// It may only become smaller: for more, there are no items any more.
    Smaller,
    /// It may only become larger: items that are kept would have been due.
    Larger,
    /// It must be the same.
    Never,
}

/// A setting of a stage.
#[cfg(feature = "alloc")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Setting {
    pub(super) stage: &'static str,
    pub(super) name: &'static str,
    pub(super) value: String,
    pub(super) change: Change,
}

impl Outline {
    /// The outline of `xf`.
    pub fn of<In, X: super::Transducer<In>>(xf: &X) -> Self {
        let mut outline = Self::default();
        xf.describe(&mut outline);
        outline
    }

    /// Adds a stage or a reducer, by a name that stays the same from version to version.
    pub fn stage(&mut self, name: &'static str) -> Described<'_> {
        self.write(name);
        Described {
            outline: self,
            #[cfg(feature = "alloc")]
            name,
        }
    }

    /// Adds two stages of which one feeds the other.
    pub(crate) fn composed(&mut self, first: impl FnOnce(&mut Self), second: impl FnOnce(&mut Self)) {
        // A composition beside a stage is another recipe, with states of another form, than three stages in a row.
        if self.beside {
            self.enclosed(|outline| outline.composed(first, second));
        } else {
            self.beside = true;
            first(self);
            self.write(" | ");
            second(self);
            self.beside = false;
        }
    }

    fn enclosed(&mut self, inside: impl FnOnce(&mut Self)) {
        let beside = core::mem::take(&mut self.beside);
        self.write("(");
        inside(self);
        self.write(")");
        self.beside = beside;
    }

    fn write(&mut self, _text: &str) {
        #[cfg(feature = "alloc")]
        self.stages.push_str(_text);
    }
}

#[cfg(feature = "alloc")]
impl core::fmt::Display for Outline {
    fn fmt(&self, out: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        out.write_str(&self.stages)
    }
}

/// A stage that has just been added to an [`Outline`].
#[derive(Debug)]
pub struct Described<'a> {
    outline: &'a mut Outline,
    #[cfg(feature = "alloc")]
    name: &'static str,
}

impl Described<'_> {
    /// Adds to the name: `sorting` that compares by a key is another stage than `sorting`.
    pub(crate) fn variant(self, suffix: &'static str) -> Self {
        self.outline.write(suffix);
        self
    }

    /// Adds a setting of the stage, and says how it may change.
    pub fn setting(self, _name: &'static str, _value: impl Display, _change: Change) -> Self {
        #[cfg(feature = "alloc")]
        self.outline.settings.push(Setting {
            stage: self.name,
            name: _name,
            value: _value.to_string(),
            change: _change,
        });
        self
    }

    /// Adds what is inside of the stage: a pipeline or a reducer. For several, it is called several times.
    pub fn inside(self, inside: impl FnOnce(&mut Outline)) -> Self {
        self.outline.enclosed(inside);
        self
    }
}

#[cfg(feature = "alloc")]
impl Setting {
    /// Whether the setting may have been `before` in the part of the run that is over.
    pub(super) fn follows(&self, before: &str) -> bool {
        let ordered = || Some((before.parse::<i128>().ok()?, self.value.parse::<i128>().ok()?));
        match self.change {
            Change::Free => true,
            Change::Never => before == self.value,
            Change::Smaller => ordered().is_some_and(|(before, now)| now <= before),
            Change::Larger => ordered().is_some_and(|(before, now)| now >= before),
        }
    }

    /// By which it is known in a snapshot.
    pub(super) fn key(&self) -> String {
        [self.stage, ".", self.name].concat()
    }
}

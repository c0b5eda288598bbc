use core::{mem, ops::ControlFlow};

use crate::{
    kernel::{Compose, Emit, Held, Outline, Shape, SizeHint, Step, Transducer, hint},
    pipeline::Pipeline,
};

/// Emits `(position, item)` for each item, once the next has come or the input has ended: whether it is the first, the
/// last, one between them, or the only one.
///
/// The end is that of the input, or an early end by a stage before this one.
///
/// - **Memory**: one item.
/// - **Like**: itertools `with_position`.
///
/// ```
/// use transducer::{prelude::*, stages::Position::*};
///
/// let positions = ['a', 'b', 'c'].into_iter().transduce(positioning());
/// assert_eq!(positions.collect::<Vec<_>>(), [(First, 'a'), (Middle, 'b'), (Last, 'c')]);
/// assert_eq!(['a'].into_iter().transduce(positioning()).collect::<Vec<_>>(), [(Only, 'a')]);
/// ```
#[doc(alias("with_position", "is_first", "is_last"))]
pub fn positioning() -> Positioning {
    Positioning
}

/// The transducer of [`positioning`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Positioning;

/// Where an item is in the input: see [`positioning`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Position {
    /// The first of several.
    First,
    /// Neither the first nor the last.
    Middle,
    /// The last of several.
    Last,
    /// The first and the last.
    Only,
}

impl Position {
    /// Whether no item came before.
    pub const fn is_first(self) -> bool {
        matches!(self, Self::First | Self::Only)
    }

    /// Whether no item comes after.
    pub const fn is_last(self) -> bool {
        matches!(self, Self::Last | Self::Only)
    }
}

/// The state of [`Positioning`]: the latest item, and whether it is the first.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct PositioningState<T> {
    latest: Held<T>,
    /// Whether one has been emitted.
    is_further: bool,
}

impl<In> Transducer<In> for Positioning {
    type Out = (Position, In);
    type State = PositioningState<In>;

    const SHAPE: Shape = Shape::AT_MOST_ONE.flushing();

    #[inline]
    fn initial(&self) -> Self::State {
        PositioningState { latest: Held(None), is_further: false }
    }

    #[inline(always)]
    fn step(&self, state: &mut Self::State, item: In, out: &mut impl Emit<Self::Out>) -> Step {
        let Some(before) = state.latest.0.replace(item) else { return ControlFlow::Continue(()) };
        let is_further = mem::replace(&mut state.is_further, true);
        out.emit((if is_further { Position::Middle } else { Position::First }, before))
    }

    #[inline]
    fn complete(&self, state: &mut Self::State, out: &mut impl Emit<Self::Out>) -> Step {
        let Some(last) = state.latest.0.take() else { return ControlFlow::Continue(()) };
        out.emit((if state.is_further { Position::Last } else { Position::Only }, last))
    }

    fn is_idle(&self, state: &Self::State) -> bool {
        state.latest.0.is_none() && !state.is_further
    }

    fn size_hint(&self, state: &Self::State, input: SizeHint) -> SizeHint {
        hint::add(input, hint::exactly(usize::from(state.latest.0.is_some())))
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("positioning");
    }
}

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits `(position, item)` for each item. See [`positioning`].
    ///
    /// ```
    /// use transducer::{prelude::*, stages::Position::*};
    ///
    /// let ends = pipeline::<u32>().with_position().filter(|(position, _)| *position != Middle);
    /// assert_eq!((1..=4).transduce(ends).collect::<Vec<_>>(), [(First, 1), (Last, 4)]);
    /// ```
    pub fn with_position(self) -> Pipeline<In, Compose<X, Positioning>> {
        self.then(positioning())
    }
}

use core::ops::ControlFlow;

use super::make::{Buffer, Collected, Lent, MakeOf, Whole};
use crate::{
    error::InvalidArgument,
    kernel::{Change, Compose, Emit, InvalidState, Outline, Shape, SizeHint, Step, Transducer},
    pipeline::Pipeline,
};

/// Emits a `Vec` of the latest `size` items each time an item comes, from the `size`th item on.
///
/// Input of fewer than `size` items yields nothing. Use [`Windowing::step`] to emit less often, and
/// [`Windowing::collect_into`] for another collection than `Vec`.
///
/// - **Memory**: up to 2 × `size` items; one allocation and `size` clones an output.
/// - **Panics**: if `size` is 0. Use [`try_windowing`] for a size that comes from data.
/// - **Like**: slices' `windows`.
///
/// ```
/// use transducer::prelude::*;
///
/// let windows = (1..=4).transduce(windowing(2));
/// assert_eq!(windows.collect::<Vec<_>>(), [[1, 2], [2, 3], [3, 4]]);
/// ```
#[doc(alias("sliding", "partition", "windowed", "windowSliding", "sliding_window"))]
#[track_caller]
pub fn windowing(size: usize) -> Windowing {
    InvalidArgument::or_panic(try_windowing(size))
}

/// Like [`windowing`], for a size that comes from data.
///
/// - **Errors**: if `size` is 0.
///
/// ```
/// use transducer::prelude::*;
///
/// assert_eq!(try_windowing(0).unwrap_err().to_string(), "`size` must be at least 1");
/// ```
pub fn try_windowing(size: usize) -> Result<Windowing, InvalidArgument> {
    InvalidArgument::unless_zero("size", size).map(|size| Windowing { size, step: 1, make: Whole })
}

/// Emits `f(&window)` for the latest `size` items each time an item comes, from the `size`th item on.
///
/// `f` borrows the window as a slice. Input of fewer than `size` items yields nothing. Use [`WindowingWith::step`] to
/// emit less often.
///
/// - **Memory**: up to 2 × `size` items; no clones, and no allocation an output.
/// - **Panics**: if `size` is 0. Use [`try_windowing_with`] for a size that comes from data.
/// - **Like**: slices' `windows`, with `map`.
///
/// ```
/// use transducer::prelude::*;
///
/// let moving_average = windowing_with(2, |window: &[f64]| window.iter().sum::<f64>() / 2.0);
/// assert_eq!([1.0, 3.0, 4.0].into_iter().transduce(moving_average).collect::<Vec<_>>(), [2.0, 3.5]);
/// ```
#[doc(alias("map_windows", "sliding"))]
#[track_caller]
pub fn windowing_with<In, Out, F: Fn(&[In]) -> Out>(size: usize, f: F) -> WindowingWith<F> {
    InvalidArgument::or_panic(try_windowing_with(size, f))
}

/// Like [`windowing_with`], for a size that comes from data.
///
/// - **Errors**: if `size` is 0.
///
/// ```
/// use transducer::prelude::*;
///
/// assert!(try_windowing_with(0, |window: &[u8]| window.len()).is_err());
/// ```
pub fn try_windowing_with<In, Out, F: Fn(&[In]) -> Out>(
    size: usize,
    f: F,
) -> Result<WindowingWith<F>, InvalidArgument> {
    InvalidArgument::unless_zero("size", size).map(|size| Windowing { size, step: 1, make: Lent { f } })
}

/// The transducer of [`windowing`] and [`windowing_with`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Windowing<M = Whole> {
    size: usize,
    step: usize,
    make: M,
}

/// The transducer of [`windowing_with`].
pub type WindowingWith<F> = Windowing<Lent<F>>;

impl<M> Windowing<M> {
    /// Sets how many items lie between the beginnings of two windows: 1, unless this says otherwise.
    ///
    /// With a `step` of more than the size, the items between two windows are in none.
    ///
    /// - **Panics**: if `step` is 0.
    /// - **Like**: slices' `windows`, with `step_by`; Clojure's `partition`.
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let windows = (1..=7).transduce(windowing(3).step(2));
    /// assert_eq!(windows.collect::<Vec<_>>(), [[1, 2, 3], [3, 4, 5], [5, 6, 7]]);
    /// ```
    #[track_caller]
    pub fn step(self, step: usize) -> Self {
        assert!(step > 0, "`step` must be at least 1");
        Self { step, ..self }
    }
}

impl Windowing {
    /// Collects each window in a `C` instead of a `Vec`, such as a `SmallVec`, which has room for some items without a heap.
    ///
    /// - **Memory**: up to 2 × `size` items, in one buffer; `size` clones an output, and what `C` allocates.
    ///
    /// ```
    /// use smallvec::SmallVec;
    /// use transducer::prelude::*;
    ///
    /// let windows = (1..=3).transduce(windowing(2).collect_into::<SmallVec<[i32; 2]>>());
    /// assert_eq!(windows.map(|window| window.into_vec()).collect::<Vec<_>>(), [[1, 2], [2, 3]]);
    /// ```
    pub fn collect_into<C>(self) -> Windowing<Collected<C>> {
        Windowing { size: self.size, step: self.step, make: Collected::new() }
    }
}

impl<M> Windowing<M> {
    pub(super) const fn of(size: usize, make: M) -> Self {
        Self { size, step: 1, make }
    }
}

/// The state of [`Windowing`]: the latest items, and how many must come before the next window.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct WindowingState<B> {
    /// Ends with the latest items, so that a window is always one slice.
    items: B,
    missing: usize,
}

impl<In, M: MakeOf<In>> Transducer<In> for Windowing<M> {
    type Out = M::Out;
    type State = WindowingState<M::Buffer>;

    const SHAPE: Shape = Shape::AT_MOST_ONE;

    #[inline]
    fn initial(&self) -> Self::State {
        WindowingState { items: M::Buffer::default(), missing: self.size }
    }

    #[inline(always)]
    fn step(&self, state: &mut Self::State, item: In, out: &mut impl Emit<M::Out>) -> Step {
        match state.push(item, self.size, self.step) {
            Some(window) => out.emit(self.make.make(window)),
            None => ControlFlow::Continue(()),
        }
    }

    fn is_idle(&self, state: &Self::State) -> bool {
        state.items.is_empty()
    }

    fn size_hint(&self, state: &Self::State, (least, most): SizeHint) -> SizeHint {
        let windows =
            |items: usize| items.checked_sub(state.missing).map_or(0, |rest| (rest / self.step).saturating_add(1));
        (windows(least), most.map(windows))
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("windowing").variant(M::SUFFIX).setting("size", self.size, Change::Free).setting(
            "step",
            self.step,
            Change::Free,
        );
    }

    fn validate(&self, state: &mut Self::State) -> Result<(), InvalidState> {
        // A window is full first, and then comes so often.
        let lacking = self.size.saturating_sub(state.items.len());
        state.missing = state.missing.clamp(1, self.step.max(lacking)).max(lacking);
        Ok(())
    }
}

impl<B> WindowingState<B> {
    /// Takes in an item, and gives the window if one is due.
    #[inline]
    fn push<T>(&mut self, item: T, size: usize, step: usize) -> Option<&[T]>
    where
        B: Buffer<T>,
    {
        self.items.push_latest(item, size);
        self.missing -= 1;
        if self.missing > 0 {
            return None;
        }
        self.missing = step;
        Some(&self.items[self.items.len() - size..])
    }
}

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits a `Vec` of the latest `size` items each time an item comes. See [`windowing`].
    ///
    /// - **Panics**: if `size` is 0.
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let windows = (1..=3).transduce(pipeline::<u32>().windows(2));
    /// assert_eq!(windows.collect::<Vec<_>>(), [[1, 2], [2, 3]]);
    /// ```
    #[track_caller]
    pub fn windows(self, size: usize) -> Pipeline<In, Compose<X, Windowing>>
    where
        X::Out: Clone,
    {
        self.then(windowing(size))
    }

    /// Emits `f(&window)` for the latest `size` items each time an item comes. See [`windowing_with`].
    ///
    /// - **Panics**: if `size` is 0.
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let sums = pipeline::<u32>().windows_with(2, |window: &[u32]| window.iter().sum::<u32>());
    /// assert_eq!((1..=3).transduce(sums).collect::<Vec<_>>(), [3, 5]);
    /// ```
    #[track_caller]
    pub fn windows_with<Out, F>(self, size: usize, f: F) -> Pipeline<In, Compose<X, WindowingWith<F>>>
    where
        F: Fn(&[X::Out]) -> Out,
    {
        self.then(windowing_with(size, f))
    }
}

impl<In, X, M> Pipeline<In, Compose<X, Windowing<M>>> {
    /// Sets how many items lie between the beginnings of two windows of the stage just added. See
    /// [`Windowing::step`].
    ///
    /// - **Panics**: if `step` is 0.
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let windows = (1..=5).transduce(pipeline::<u32>().windows(3).step(2));
    /// assert_eq!(windows.collect::<Vec<_>>(), [[1, 2, 3], [3, 4, 5]]);
    /// ```
    #[track_caller]
    pub fn step(self, step: usize) -> Self {
        self.set(|windowing| windowing.step(step))
    }
}

impl<In, X> Pipeline<In, Compose<X, Windowing>> {
    /// Has the stage just added collect each window in a `C` instead of a `Vec`. See [`Windowing::collect_into`].
    ///
    /// ```
    /// use smallvec::SmallVec;
    /// use transducer::prelude::*;
    ///
    /// let sums = pipeline::<u32>().windows(2).collect_into::<SmallVec<[u32; 2]>>().map(|pair| pair[0] + pair[1]);
    /// assert_eq!((1..=3).transduce(sums).collect::<Vec<_>>(), [3, 5]);
    /// ```
    pub fn collect_into<C: FromIterator<X::Out>>(self) -> Pipeline<In, Compose<X, Windowing<Collected<C>>>>
    where
        X: Transducer<In>,
    {
        self.exchange(Windowing::collect_into)
    }
}

//! [`Shape`]: what a stage can do at most, as a constant that the compiler goes by.

/// What a stage can do at most: how many items a step emits, and whether `complete` can emit. It also says, exactly,
/// whether the stage has deadlines.
///
/// A stage states it as [`Transducer::SHAPE`](crate::Transducer::SHAPE). Drivers and compositions leave out at compile
/// time what a shape rules out: a `resume`, a `complete`, a look at the time. A shape that promises less than the stage
/// does is always correct, and costs some speed. A shape that promises more is an error, which the law kit finds.
///
/// | constant | a step emits | stages |
/// | --- | --- | --- |
/// | [`ONE`](Self::ONE) | exactly one item, and never ends the run | `mapping` |
/// | [`AT_MOST_ONE`](Self::AT_MOST_ONE) | one item or none | `filtering`, `taking` |
/// | [`MANY`](Self::MANY) | any number of items | `flat_mapping` |
///
/// [`flushing`](Self::flushing) adds that `complete` can emit, [`timed`](Self::timed) that there are deadlines.
///
/// ```
/// use transducer::Shape;
///
/// // As for `batching`: an item now and then, and what is left at the end.
/// const SHAPE: Shape = Shape::AT_MOST_ONE.flushing();
/// assert!(SHAPE.emits_at_most_one() && SHAPE.flushes() && !SHAPE.is_timed());
/// assert_eq!(Shape::ONE.then(SHAPE), SHAPE);
/// assert_eq!(SHAPE.then(Shape::MANY), Shape::ANY);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    step: Emits,
    flushes: bool,
    timed: bool,
}

/// How many items a step emits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Emits {
    One,
    AtMostOne,
    Many,
}

impl Shape {
    /// Each step emits exactly one item and does not end the run; `complete` emits nothing.
    pub const ONE: Self = Self::of(Emits::One);
    /// Each step emits at most one item; `complete` emits nothing.
    pub const AT_MOST_ONE: Self = Self::of(Emits::AtMostOne);
    /// A step emits any number of items; `complete` emits nothing.
    pub const MANY: Self = Self::of(Emits::Many);
    /// Promises nothing: any number of items a step, and more from `complete`. There are no deadlines.
    pub const ANY: Self = Self::MANY.flushing();

    const fn of(step: Emits) -> Self {
        Self { step, flushes: false, timed: false }
    }

    /// The same, and `complete` can emit. (It is called only where it can.)
    pub const fn flushing(self) -> Self {
        Self { flushes: true, ..self }
    }

    /// The same, and there are deadlines.
    pub const fn timed(self) -> Self {
        Self { timed: true, ..self }
    }

    /// The same, without deadlines: for a stage that tells a pipeline inside of it the time.
    #[cfg(feature = "alloc")]
    pub(crate) const fn untimed(self) -> Self {
        Self { timed: false, ..self }
    }

    /// The shape of a stage of this shape followed by one of shape `next`.
    pub const fn then(self, next: Self) -> Self {
        let step = match (self.step, next.step) {
            (Emits::One, step) | (step, Emits::One) => step,
            (Emits::AtMostOne, Emits::AtMostOne) => Emits::AtMostOne,
            _ => Emits::Many,
        };
        Self { step, flushes: self.flushes || next.flushes, timed: self.timed || next.timed }
    }

    /// Whether each step emits exactly one item and does not end the run.
    pub const fn emits_one(self) -> bool {
        matches!(self.step, Emits::One)
    }

    /// Whether each step emits at most one item.
    pub const fn emits_at_most_one(self) -> bool {
        !matches!(self.step, Emits::Many)
    }

    /// Whether `complete` can emit.
    pub const fn flushes(self) -> bool {
        self.flushes
    }

    /// Whether there are deadlines.
    pub const fn is_timed(self) -> bool {
        self.timed
    }

    /// Whether there can be something left to resume: after a step that made many items, or at the end.
    pub(crate) const fn resumes(self) -> bool {
        self.flushes || !self.emits_at_most_one()
    }

    /// Refuses a timed pipeline, for drivers without a clock. In a `const` block it does so at compile time.
    ///
    /// - **Panics**: if there are deadlines.
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// fn driver_without_clock<X: Transducer<u8>>(_: X) {
    ///     const { X::SHAPE.assert_untimed() };
    /// }
    ///
    /// driver_without_clock(mapping(|x: u8| x));
    /// ```
    pub const fn assert_untimed(self) {
        assert!(
            !self.timed,
            "this driver has no clock, and the pipeline has stages that wait for time to pass: \
             run it with a driver that has one, such as `timed_transduce`, or put it into `by_event_time`, for the items' own times"
        );
    }
}

use crate::{
    kernel::{Compose, Emit, Outline, Shape, SizeHint, Step, Transducer, debug::debug_closures},
    pipeline::Pipeline,
    sources::Recorded,
};

/// Emits each item unchanged, after calling `f` with the item and its moment; at the end, calls `f` with the moment of
/// the end.
///
/// As the first stage of a pipeline it writes down all that the stages behind it see. A
/// [`recorded_source`](crate::recorded_source) sends that to a pipeline again, with the same outputs.
///
/// - **Like**: `inspecting`, with the time; `materialize` with `timestamp` of RxJS.
///
/// ```
/// use std::{cell::RefCell, time::Duration};
/// use transducer::{Time, prelude::*, sources::Recorded};
///
/// let settling = debouncing(Duration::from_secs(3));
/// let log = RefCell::new(vec![]);
/// let watched = compose((recording(|event: Recorded<&char>| log.borrow_mut().push(event.cloned())), settling));
///
/// let mut live = timed_transduce(watched, collection_sink(vec![]));
/// live.send_at(Time::from_secs(1), 'a');
/// live.send_at(Time::from_secs(5), 'b');
/// let seen = live.close_at(Time::from_secs(6));
/// assert_eq!(log.borrow().last(), Some(&Recorded::End(Time::from_secs(6))));
///
/// let replayed = recorded_source(log.take(), timed_transduce(settling, collection_sink(vec![])));
/// assert_eq!(replayed, seen);
/// ```
#[doc(alias("log", "materialize"))]
pub fn recording<In, F: Fn(Recorded<&In>)>(f: F) -> Recording<F> {
    Recording { f }
}

/// The transducer of [`recording`].
#[derive(Clone, Copy)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Recording<F> {
    f: F,
}

impl<In, F: Fn(Recorded<&In>)> Transducer<In> for Recording<F> {
    type Out = In;
    type State = ();

    // The end is seen only by what may emit there.
    const SHAPE: Shape = Shape::AT_MOST_ONE.flushing().timed();

    #[inline]
    fn initial(&self) {}

    #[inline(always)]
    fn step(&self, (): &mut (), item: In, out: &mut impl Emit<In>) -> Step {
        (self.f)(Recorded::Item(out.now(), &item));
        out.emit(item)
    }

    fn complete(&self, (): &mut (), out: &mut impl Emit<In>) -> Step {
        (self.f)(Recorded::End(out.now()));
        Step::Continue(())
    }

    fn size_hint(&self, (): &(), input: SizeHint) -> SizeHint {
        input
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("recording");
    }
}

debug_closures!(Recording<F> {; f});

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits each item unchanged, after calling `f` with the item and its moment. See [`recording`].
    ///
    /// ```
    /// use transducer::{Time, prelude::*, sources::Recorded};
    ///
    /// let last = std::cell::Cell::new(Time::START);
    /// let noted = pipeline::<char>().record(|event: Recorded<&char>| last.set(event.moment()));
    /// timed_transduce(noted, null_sink()).send_at(Time::from_secs(5), 'a');
    /// assert_eq!(last.get(), Time::from_secs(5));
    /// ```
    pub fn record<F: Fn(Recorded<&X::Out>)>(self, f: F) -> Pipeline<In, Compose<X, Recording<F>>> {
        self.then(recording(f))
    }
}

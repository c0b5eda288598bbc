use core::num::NonZeroUsize;

/// A limit of concurrency: a `usize` that is not 0, or a [`NonZeroUsize`].
///
/// For a limit that comes from data, use `NonZeroUsize::try_from`, which gives an error for 0.
///
/// ```
/// use std::num::NonZeroUsize;
/// use transducer::prelude::*;
///
/// let futures = || (0..3).map(async |x| x);
/// let _ = limited_as_completed(futures(), 100);
/// let _ = limited_as_completed(futures(), NonZeroUsize::try_from("100".parse::<usize>()?)?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// With 0 nothing could ever run:
///
/// ```should_panic
/// // panics: `limit` must be at least 1
/// let _ = transducer::limited_as_completed((0..3).map(async |x| x), 0);
/// ```
#[diagnostic::on_unimplemented(message = "`{Self}` is not a limit", label = "expected a `usize` or a `NonZeroUsize`")]
pub trait IntoLimit {
    /// Gives the limit.
    ///
    /// - **Panics**: if it is 0.
    fn into_limit(self) -> NonZeroUsize;
}

impl IntoLimit for NonZeroUsize {
    fn into_limit(self) -> NonZeroUsize {
        self
    }
}

impl IntoLimit for usize {
    #[track_caller]
    fn into_limit(self) -> NonZeroUsize {
        NonZeroUsize::new(self).expect("`limit` must be at least 1")
    }
}

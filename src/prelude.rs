//! What the author of a pipeline needs: `use transducer::prelude::*;`.
//!
//! It brings every function that makes a stage, a reducer, an event sink or an event source, the drivers, and the
//! traits of which a pipeline is written. No name in it is one of `std::iter`'s, itertools' or futures' prelude's, so
//! that they can all be imported whole, side by side.
//!
//! Those who write stages, reducers or sinks of their own import the rest by name: [`Emit`](crate::Emit),
//! [`Step`](crate::Step), [`Shape`](crate::Shape), [`EventSink`](crate::EventSink) and what is in
//! [`kernel`](crate::kernel).
//!
//! ```
//! use itertools::*;
//! use std::iter::*;
//! use transducer::prelude::*;
//!
//! let pairs = compose((filtering(|x: &u32| x % 2 == 1), batching(2)));
//! let odd = successors(Some(1), |x| Some(x + 1)).transduce(pairs).take(2).collect_vec();
//! assert_eq!(odd, [[1, 3], [5, 7]]);
//! assert!(all(&odd, |pair| pair.len() == 2));
//! ```

#[doc(no_inline)]
pub use crate::{
    Reduced, Reducer, Transducer, compose, drivers::root::*, pipeline, reducers::root::*, sinks::root::*,
    sources::root::*, stages::root::*,
};
#[cfg(feature = "alloc")]
#[doc(no_inline)]
pub use crate::{boxed, boxed_local};

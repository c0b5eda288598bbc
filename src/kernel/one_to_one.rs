//! [`OneToOne`]: as many outputs as items, known to the compiler.

#[cfg(feature = "alloc")]
use alloc::{boxed::Box, rc::Rc, sync::Arc};

use super::Compose;

/// The mark of a transducer that emits exactly one output of each item, and no more.
///
/// It never ends a run, and emits nothing at the end. So the lazy driver knows how many outputs there will be where the
/// source knows how many items there are, and is an [`ExactSizeIterator`].
///
/// A stage of your own that is marked has [`Shape::ONE`](crate::Shape::ONE), and a
/// [`size_hint`](crate::Transducer::size_hint) that gives `input` back.
///
/// ```
/// use transducer::prelude::*;
///
/// let numbered = compose((mapping(|word: &str| word.len()), enumerating()));
/// let words = ["to", "be"].into_iter().transduce(&numbered);
/// assert_eq!(words.len(), 2);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` doesn't make exactly one output of each item",
    label = "may make fewer outputs or more",
    note = "how many outputs there will be is known of `mapping`, `enumerating`, `inspecting`, `replacing`, and what is composed of them"
)]
pub trait OneToOne {}

impl<A: OneToOne, B: OneToOne> OneToOne for Compose<A, B> {}

impl<X: OneToOne> OneToOne for &X {}

#[cfg(feature = "alloc")]
impl<X: OneToOne> OneToOne for Box<X> {}

#[cfg(feature = "alloc")]
impl<X: OneToOne> OneToOne for Rc<X> {}

#[cfg(feature = "alloc")]
impl<X: OneToOne> OneToOne for Arc<X> {}

use core::{fmt, marker::PhantomData, ops::ControlFlow};

use crate::kernel::{Combine, Ending, Outline, Reducer, Step};

/// Gives all items in a collection of type `C`, added in order.
///
/// `C` is any type that is [`Default`] and [`Extend`]: maps, sets, `String`, `VecDeque`, or a pair of collections for
/// items that are pairs. For a `Vec`, [`appending`](crate::appending) is shorter.
///
/// - **Memory**: what the collection keeps.
/// - **Like**: `Iterator::collect`, but through [`Extend`] and not `FromIterator`; Clojure `into`.
///
/// ```
/// use std::collections::BTreeMap;
/// use transducer::prelude::*;
///
/// let lengths: BTreeMap<&str, usize> = transduce(mapping(|word: &'static str| (word, word.len())), collecting(), ["a",
/// "list"]); assert_eq!(lengths, BTreeMap::from([("a", 1), ("list", 4)]));
/// ```
#[doc(alias("into", "extend", "to_set", "to_map"))]
pub fn collecting<C>() -> Collecting<C> {
    Collecting { collection: PhantomData }
}

/// The reducer of [`collecting`].
#[must_use = "a reducer is a recipe: it does nothing until a driver runs it"]
pub struct Collecting<C> {
    collection: PhantomData<fn() -> C>,
}

impl<In, C: Default + Extend<In>> Reducer<In> for Collecting<C> {
    type Acc = C;
    type Output = C;

    #[inline]
    fn initial(&self) -> C {
        C::default()
    }

    #[inline]
    fn step(&self, acc: &mut C, item: In) -> Step {
        acc.extend(Some(item));
        ControlFlow::Continue(())
    }

    #[inline]
    fn complete(&self, acc: C) -> C {
        acc
    }

    #[inline]
    fn step_all(&self, acc: &mut C, items: impl Iterator<Item = In>) -> Step {
        acc.extend(items);
        ControlFlow::Continue(())
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("collecting");
    }
}

// A collection can be added to another if it gives its items back. A `String` doesn't: `joining("")` does for it.
impl<In, C> Combine<In> for Collecting<C>
where
    C: Default + Extend<In> + IntoIterator + Extend<<C as IntoIterator>::Item>,
{
    const ENDING: Ending = Ending::Never;

    #[inline]
    fn combine(&self, acc: &mut C, later: C) -> Step {
        <C as Extend<C::Item>>::extend(acc, later);
        ControlFlow::Continue(())
    }
}

impl<C> Clone for Collecting<C> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C> Copy for Collecting<C> {}

impl<C> fmt::Debug for Collecting<C> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Collecting<{}>", core::any::type_name::<C>())
    }
}

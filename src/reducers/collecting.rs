use core::{fmt, marker::PhantomData, ops::ControlFlow};

use crate::kernel::{Reducer, Step};

/// All items in a collection of type `C`, in the order in which they come.
///
/// `C` is anything that is [`Default`] and [`Extend`]: maps, sets, `String`, `VecDeque`, a pair of
/// collections for items that are pairs. For a `Vec`, [`appending`](crate::appending) is shorter.
///
/// ```
/// use std::collections::BTreeMap;
/// use transducer::{collecting, mapping, transduce};
///
/// let lengths: BTreeMap<&str, usize> = transduce(mapping(|word: &'static str| (word, word.len())), collecting(), ["a", "list"]);
/// assert_eq!(lengths, BTreeMap::from([("a", 1), ("list", 4)]));
/// ```
#[doc(alias = "into")]
pub fn collecting<C>() -> Collecting<C> {
    Collecting { collection: PhantomData }
}

/// The reducer that [`collecting`] makes.
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

use core::{marker::PhantomData, ops::ControlFlow};

use super::EventSink;
use crate::kernel::Step;

/// Makes a sink that adds each item to `collection`; closing gives the collection.
///
/// The collection may be lent, as `&mut collection`.
///
/// - **Memory**: what the collection keeps.
/// - **Ends**: never.
///
/// ```
/// use std::collections::BTreeSet;
/// use transducer::prelude::*;
///
/// let mut lengths = reactive_transduce(mapping(str::len), collection_sink(BTreeSet::new()));
/// for word in ["one", "two", "three"] {
///     lengths.send(word);
/// }
/// assert_eq!(lengths.close(), BTreeSet::from([3, 5]));
///
/// let mut numbers = vec![1];
/// iterable_source([2, 3], collection_sink(&mut numbers));
/// assert_eq!(numbers, [1, 2, 3]);
/// ```
#[doc(alias("collect", "extend"))]
pub fn collection_sink<C, Held>(collection: C) -> CollectionSink<C, Held> {
    CollectionSink { collection, held: PhantomData }
}

/// The sink of [`collection_sink`].
#[derive(Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(bound(serialize = "C: serde::Serialize", deserialize = "C: serde::Deserialize<'de>"))
)]
pub struct CollectionSink<C, Held = Owned> {
    collection: C,
    // No lent collection is `Extend`, but the compiler can't know that none ever will be: so the two are told apart.
    #[cfg_attr(feature = "serde", serde(skip))]
    held: PhantomData<fn() -> Held>,
}

/// Says of a [`CollectionSink`] that the collection is its own. The compiler finds out.
#[derive(Debug)]
pub enum Owned {}

/// Says of a [`CollectionSink`] that the collection is lent. The compiler finds out.
#[derive(Debug)]
pub enum Lent {}

impl<C, Held> CollectionSink<C, Held> {
    /// The collection.
    pub fn get_ref(&self) -> &C {
        &self.collection
    }

    /// The collection, to be changed.
    pub fn get_mut(&mut self) -> &mut C {
        &mut self.collection
    }

    /// Gives the collection of a sink that is back from a run: from `suspend`, say.
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let mut odd = reactive_transduce(filtering(|x: &u32| x % 2 == 1), collection_sink(vec![]));
    /// odd.send(1);
    /// let (_snapshot, sink) = odd.suspend();
    /// assert_eq!(sink.into_inner(), [1]);
    /// ```
    pub fn into_inner(self) -> C {
        self.collection
    }
}

impl<C: Clone, Held> Clone for CollectionSink<C, Held> {
    fn clone(&self) -> Self {
        collection_sink(self.collection.clone())
    }
}

impl<C: Default> Default for CollectionSink<C> {
    fn default() -> Self {
        collection_sink(C::default())
    }
}

impl<T, C: Extend<T>> EventSink<T> for CollectionSink<C, Owned> {
    type Output = C;

    #[inline]
    fn send(&mut self, item: T) -> Step {
        self.collection.extend(Some(item));
        ControlFlow::Continue(())
    }

    fn close(self) -> C {
        self.collection
    }
}

impl<'a, T, C: Extend<T>> EventSink<T> for CollectionSink<&'a mut C, Lent> {
    type Output = &'a mut C;

    #[inline]
    fn send(&mut self, item: T) -> Step {
        self.collection.extend(Some(item));
        ControlFlow::Continue(())
    }

    fn close(self) -> &'a mut C {
        self.collection
    }
}

use core::ops::ControlFlow;

use super::EventSink;
use crate::kernel::Step;

/// Makes a sink that adds each item to `collection`; closing gives the collection.
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
/// ```
#[doc(alias("collect", "extend"))]
pub fn collection_sink<C>(collection: C) -> CollectionSink<C> {
    CollectionSink { collection }
}

/// The sink of [`collection_sink`].
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct CollectionSink<C> {
    collection: C,
}

impl<T, C: Extend<T>> EventSink<T> for CollectionSink<C> {
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

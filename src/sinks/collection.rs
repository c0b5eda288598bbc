use core::ops::ControlFlow;

use super::EventSink;
use crate::kernel::Step;

/// Adds each event to `collection`, which closing gives back.
///
/// ```
/// use std::collections::BTreeSet;
/// use transducer::{collection_sink, mapping, reactive_transduce};
///
/// let mut lengths = reactive_transduce(mapping(str::len), collection_sink(BTreeSet::new()));
/// for word in ["one", "two", "three"] {
///     let _ = lengths.send(word);
/// }
/// assert_eq!(lengths.close(), BTreeSet::from([3, 5]));
/// ```
pub fn collection_sink<C>(collection: C) -> CollectionSink<C> {
    CollectionSink { collection }
}

/// The sink that [`collection_sink`] makes.
#[derive(Clone, Debug, Default)]
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

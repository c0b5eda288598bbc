//! [`Held`]: an item that a state keeps, or none yet.

/// An item or key that a state keeps, or none yet.
///
/// An [`Option`] that nothing else can be taken for once it is written: JSON has one `null` for `None` and for
/// `Some(None)`. A `Held` is written as a sequence of no item or one.
///
/// ```
/// # #[cfg(feature = "serde")] {
/// use transducer::kernel::Held;
///
/// let held: Held<Option<u8>> = Held(Some(None));
/// assert_eq!(serde_json::to_string(&held).unwrap(), "[null]");
/// assert_eq!(serde_json::to_string(&Held::<u8>(None)).unwrap(), "[]");
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Held<T>(pub Option<T>);

impl<T> Default for Held<T> {
    fn default() -> Self {
        Self(None)
    }
}

#[cfg(feature = "serde")]
mod serialized {
    use core::{fmt, marker::PhantomData};

    use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser::SerializeSeq};

    use super::Held;

    impl<T: Serialize> Serialize for Held<T> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut items = serializer.serialize_seq(Some(usize::from(self.0.is_some())))?;
            if let Some(item) = &self.0 {
                items.serialize_element(item)?;
            }
            items.end()
        }
    }

    impl<'de, T: Deserialize<'de>> Deserialize<'de> for Held<T> {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            deserializer.deserialize_seq(NoneOrOne(PhantomData))
        }
    }

    struct NoneOrOne<T>(PhantomData<T>);

    impl<'de, T: Deserialize<'de>> de::Visitor<'de> for NoneOrOne<T> {
        type Value = Held<T>;

        fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
            out.write_str("a sequence of no item or one")
        }

        fn visit_seq<A: de::SeqAccess<'de>>(self, mut items: A) -> Result<Held<T>, A::Error> {
            let item = items.next_element()?;
            if item.is_some() && items.next_element::<T>()?.is_some() {
                return Err(de::Error::invalid_length(2, &self));
            }
            Ok(Held(item))
        }
    }
}

//! Floats as they are written: as text in formats for human readers.
//!
//! JSON has neither infinities nor NaN, and not every reader of it gives the very number back that was written.

use alloc::string::String;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

struct Float(f64);

pub(crate) fn serialize<S: Serializer>(number: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    Float(*number).serialize(serializer)
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    Float::deserialize(deserializer).map(|Float(number)| number)
}

/// The same for one that there may not be.
pub(crate) mod option {
    use super::*;

    pub(crate) fn serialize<S: Serializer>(number: &Option<f64>, serializer: S) -> Result<S::Ok, S::Error> {
        number.map(Float).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
        Ok(Option::deserialize(deserializer)?.map(|Float(number)| number))
    }
}

/// The same for a list of them.
pub(crate) mod list {
    use alloc::vec::Vec;

    use super::*;

    pub(crate) fn serialize<S: Serializer>(numbers: &[f64], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(numbers.iter().copied().map(Float))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<f64>, D::Error> {
        Ok(Vec::deserialize(deserializer)?.into_iter().map(|Float(number)| number).collect())
    }
}

impl Serialize for Float {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() { serializer.collect_str(&self.0) } else { serializer.serialize_f64(self.0) }
    }
}

impl<'de> Deserialize<'de> for Float {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            String::deserialize(deserializer)?.parse().map(Self).map_err(de::Error::custom)
        } else {
            f64::deserialize(deserializer).map(Self)
        }
    }
}

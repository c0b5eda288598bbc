use serde::{Deserialize, Serialize};
use smallvec::SmallVec;
use transducer::stages::{EitherOrBoth, EventTime, FoldedWindow, Position, TimeWindow};

/// An item of any shape that the stages of the table emit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) enum Value {
    Int(i64),
    List(Vec<Value>),
}

impl Value {
    /// The integer, or the sum of all integers inside.
    pub(crate) fn sum(&self) -> i64 {
        match self {
            Self::Int(int) => *int,
            Self::List(values) => values.iter().fold(0, |sum, value| sum.wrapping_add(value.sum())),
        }
    }

    /// A number from 0 to 6, for predicates and keys.
    pub(crate) fn weight(&self) -> usize {
        self.sum().rem_euclid(7) as usize
    }

    /// This value with `n` added to each integer inside.
    pub(crate) fn plus(self, n: usize) -> Self {
        match self {
            Self::Int(int) => Self::Int(int.wrapping_add(n as i64)),
            Self::List(values) => Self::List(values.into_iter().map(|value| value.plus(n)).collect()),
        }
    }
}

impl From<i64> for Value {
    fn from(int: i64) -> Self {
        Self::Int(int)
    }
}

impl From<usize> for Value {
    fn from(int: usize) -> Self {
        Self::Int(int as i64)
    }
}

impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(values: Vec<T>) -> Self {
        Self::List(values.into_iter().map(Into::into).collect())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        Self::List(value.into_iter().map(Into::into).collect())
    }
}

impl<T: Into<Value>, U: Into<Value>> From<(T, U)> for Value {
    fn from((first, second): (T, U)) -> Self {
        Self::List(vec![first.into(), second.into()])
    }
}

impl<T: EventTime, A: Into<Value>> From<TimeWindow<T, A>> for Value {
    fn from(window: TimeWindow<T, A>) -> Self {
        let [start, end] = [window.start, window.end].map(|time| Self::Int(time.ticks() as i64));
        Self::List(vec![start, end, window.items.into(), window.late.into()])
    }
}

impl<T: EventTime, A: Into<Value>> From<FoldedWindow<T, A>> for Value {
    fn from(window: FoldedWindow<T, A>) -> Self {
        let [start, end] = [window.start, window.end].map(|time| Self::Int(time.ticks() as i64));
        Self::List(vec![start, end, window.output.into(), window.late.into()])
    }
}

impl<T: Into<Value>, E: Into<Value>> From<Result<T, E>> for Value {
    fn from(value: Result<T, E>) -> Self {
        match value {
            Ok(value) => Self::from((1usize, value)),
            Err(error) => Self::from((0usize, error)),
        }
    }
}

impl<T: Into<Value>, const N: usize> From<SmallVec<[T; N]>> for Value {
    fn from(values: SmallVec<[T; N]>) -> Self {
        Self::from(values.into_vec())
    }
}

impl<T: Into<Value>, const N: usize> From<[T; N]> for Value {
    fn from(values: [T; N]) -> Self {
        Self::List(values.into_iter().map(Into::into).collect())
    }
}

impl From<Position> for Value {
    fn from(position: Position) -> Self {
        Self::Int(position as i64)
    }
}

impl<A: Into<Value>, B: Into<Value>> From<EitherOrBoth<A, B>> for Value {
    fn from(joined: EitherOrBoth<A, B>) -> Self {
        match joined {
            EitherOrBoth::Both(a, b) => Self::from((a, b)),
            EitherOrBoth::Left(a) => Self::from((a, 0usize)),
            EitherOrBoth::Right(b) => Self::from((0usize, b)),
        }
    }
}

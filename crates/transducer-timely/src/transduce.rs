use std::hash::Hash;

use timely::{
    ExchangeData,
    dataflow::{
        StreamVec,
        operators::{Exchange, vec::Map},
    },
    order::TotalOrder,
    progress::Timestamp,
};
use transducer::{Combine, Transducer};

use crate::{Moment, Stop, combining, each_time, hash::route, keyed, stop::Stopping, timed, whole};

mod sealed {
    use super::*;

    pub trait Sealed<'scope, T: Timestamp, In> {
        fn into_parts(self) -> (StreamVec<'scope, T, In>, Stop);
    }

    impl<'scope, T: Timestamp, In> Sealed<'scope, T, In> for StreamVec<'scope, T, In> {
        fn into_parts(self) -> (StreamVec<'scope, T, In>, Stop) {
            (self, Stop::new())
        }
    }

    impl<'scope, T: Timestamp, In> Sealed<'scope, T, In> for Stopping<'scope, T, In> {
        fn into_parts(self) -> (StreamVec<'scope, T, In>, Stop) {
            (self.stream, self.stop)
        }
    }
}

/// Transducers and reducers on timely's streams.
///
/// | method | runs | items come | leftovers get the timestamp |
/// | --- | --- | --- | --- |
/// | [`transduce`](Self::transduce) | one a worker | as they arrive | of the latest item that came to the worker |
/// | [`transduce_each_time`](Self::transduce_each_time) | one a timestamp, on each worker | as they arrive | of the run |
/// | [`transduce_timed`](Self::transduce_timed) | one a worker, told the time | in the order of timestamps | `end`, or a later item's |
/// | [`transduce_by_key`](Self::transduce_by_key) | one a key | in the order of timestamps | of the key's latest item |
/// | [`combine`](Self::combine) | one in all | as they arrive | of the latest item on any worker |
/// | [`combine_each_time`](Self::combine_each_time) | one a timestamp | as they arrive | of the run |
/// | [`combine_by_key`](Self::combine_by_key) | one a key | as they arrive | of the key's latest item |
/// | [`combine_by_key_each_time`](Self::combine_by_key_each_time) | one a key and timestamp | as they arrive | of the run |
///
/// An output that is not a leftover gets the timestamp of the item that it came with. Where no item has come, the latest is
/// the least timestamp. A worker's items keep their order.
///
/// A run that has ended early, as `taking(3)` does after three items, drops the items that still come, its state and its
/// capabilities. [`Stop`] has it stop the source too.
///
/// What is downstream of an operator sees time pass as the operator does, but not past the timestamp that leftovers may still
/// get. An operator whose stages can't have leftovers holds nothing back.
///
/// The methods with `each_time` take any timestamp. The others need those that are totally ordered: there is no latest item
/// and no order of items otherwise.
///
/// The methods take a recipe, which each worker has a copy of, because each builds the dataflow. Nothing is sent but items
/// (by `by_key`), and accumulators (by `combine`). `transduce` doesn't move items between workers.
pub trait Transduce<'scope, T: Timestamp, In: 'static>: sealed::Sealed<'scope, T, In> + Sized {
    /// Passes the items of each worker through a run of `xf`, as they arrive.
    ///
    /// A pipeline is one operator, however many stages it has.
    ///
    /// - **Memory**: what the stages keep, on each worker.
    /// - **Ends**: when `xf` does. It ends on the worker only; others go on.
    /// - **Panics**: as a stage does, which ends the worker.
    ///
    /// ```
    /// use timely::dataflow::operators::{Capture, ToStream};
    /// use timely::dataflow::operators::capture::Extract;
    /// use transducer::prelude::*;
    /// use transducer_timely::Transduce;
    ///
    /// let batches = timely::example(|scope| {
    ///     (1..=5).to_stream(scope).transduce(compose((filtering(|x: &i32| x % 2 == 1), batching(2)))).capture()
    /// });
    /// assert_eq!(batches.extract(), [(0, vec![vec![1, 3], vec![5]])]);
    /// ```
    ///
    /// A stage that waits doesn't compile here. [`transduce_timed`](Self::transduce_timed) tells it the time.
    ///
    /// ```compile_fail
    /// # use std::time::Duration;
    /// # use timely::dataflow::operators::ToStream;
    /// # use transducer::prelude::*;
    /// # use transducer_timely::Transduce;
    /// timely::example(|scope| {
    ///     (1..=5).to_stream(scope).transduce(debouncing(Duration::from_secs(1)));
    /// });
    /// ```
    fn transduce<X>(self, xf: X) -> StreamVec<'scope, T, X::Out>
    where
        T: TotalOrder,
        X: Transducer<In, Out: 'static> + 'static,
    {
        let (stream, stop) = self.into_parts();
        whole::whole(stream, xf, stop)
    }

    /// Passes the items of each timestamp and worker through a run of `xf` of its own.
    ///
    /// A run is completed once no item with its timestamp can come any more. A timestamp without items has no run. A
    /// [`Stop`] has no effect, because another timestamp may always come.
    ///
    /// - **Memory**: what the stages keep, for each timestamp that is still open, on each worker.
    /// - **Panics**: as a stage does, which ends the worker.
    ///
    /// ```
    /// use timely::dataflow::operators::Capture;
    /// use timely::dataflow::operators::capture::Extract;
    /// use transducer::prelude::*;
    /// use transducer_timely::{Stop, Transduce, source_at_times};
    ///
    /// let batches = timely::example(|scope| {
    ///     let items = [(0_u64, 'a'), (0, 'b'), (0, 'c'), (1, 'd')];
    ///     source_at_times(scope, items, &Stop::new()).transduce_each_time(batching(2)).capture()
    /// });
    /// assert_eq!(batches.extract(), [(0, vec![vec!['a', 'b'], vec!['c']]), (1, vec![vec!['d']])]);
    /// ```
    fn transduce_each_time<X>(self, xf: X) -> StreamVec<'scope, T, X::Out>
    where
        X: Transducer<In, Out: 'static> + 'static,
    {
        each_time::each_time(self.into_parts().0, xf)
    }

    /// Passes the items of each worker through a run of `xf`, which is told the time by the frontier.
    ///
    /// Items are taken in the order of their timestamps, as soon as no earlier one can come. A deadline is met before the
    /// items at that moment or after it, as soon as no earlier item can come; its outputs get the first timestamp at or after it.
    /// After the last item time goes on to `end`, and no further: then the run is completed. So the outputs are the same
    /// however the frontier moves, and on any number of workers if they have the same items.
    ///
    /// - **Memory**: what the stages keep, and the items that are ahead of the frontier.
    /// - **Ends**: when `xf` does. If the input never ends, `end` may be the last timestamp there is. Otherwise a stage that
    ///   always has a deadline (`ticking`) goes on to `end` once the input is at its end.
    /// - **Panics**: as a stage does, which ends the worker.
    ///
    /// ```
    /// use std::time::Duration;
    /// use timely::dataflow::operators::Capture;
    /// use timely::dataflow::operators::capture::Extract;
    /// use transducer::prelude::*;
    /// use transducer_timely::{Stop, Transduce, source_at_times};
    ///
    /// let seconds = Duration::from_secs;
    /// let settled = timely::execute_directly(move |worker| {
    ///     worker.dataflow::<Duration, _, _>(|scope| {
    ///         let keys = [(0, 'a'), (1, 'b'), (5, 'c')].map(|(second, key)| (seconds(second), key));
    ///         let keys = source_at_times(scope, keys, &Stop::new());
    ///         keys.transduce_timed(debouncing(seconds(2)), seconds(60)).capture()
    ///     })
    /// });
    /// assert_eq!(settled.extract(), [(seconds(3), vec!['b']), (seconds(7), vec!['c'])]);
    /// ```
    fn transduce_timed<X>(self, xf: X, end: T) -> StreamVec<'scope, T, X::Out>
    where
        T: Moment,
        X: Transducer<In, Out: 'static> + 'static,
    {
        let (stream, stop) = self.into_parts();
        timed::timed(stream, xf, end, stop)
    }

    /// Brings the items of each key together on one worker, the same in each process.
    ///
    /// It is the first half of a keyed pipeline of another kind, such as a timed one:
    /// `stream.exchange_by_key(key).transduce_timed(by_key(key, xf), end)`.
    ///
    /// Keys are spread by a hash with a fixed seed. Who chooses the keys can have them all go to one worker.
    fn exchange_by_key<K, F>(self, key: F) -> StreamVec<'scope, T, In>
    where
        In: ExchangeData,
        K: Hash,
        F: Fn(&In) -> K + 'static,
    {
        self.into_parts().0.exchange(move |item| route(&key(item)))
    }

    /// Passes the items of each key through a run of `xf` of its own, on the worker that the key belongs to, and emits
    /// `(key, output)`.
    ///
    /// Items are taken in the order of their timestamps, as soon as no earlier one can come. Items with the same timestamp
    /// that come from different workers come in any order. So the outputs of a key depend on the number of workers only if
    /// `xf` depends on the order of items with the same timestamp.
    ///
    /// Leftovers come when the input ends: the keys with the earliest last item first, and of these the one that was seen
    /// first. A run that has ended early ignores the later items of its key.
    ///
    /// - **Memory**: every key seen, the state of each run that is still open, and the items that are ahead of the frontier.
    /// - **Ends**: never by itself, because a new key may always come.
    /// - **Panics**: as a stage does, which ends the worker.
    /// - **Like**: `by_key`, whose runs are all on one thread.
    ///
    /// ```
    /// use timely::dataflow::operators::{Capture, ToStream};
    /// use timely::dataflow::operators::capture::Extract;
    /// use transducer::prelude::*;
    /// use transducer_timely::Transduce;
    ///
    /// let pairs = timely::example(|scope| {
    ///     (1..=5).to_stream(scope).transduce_by_key(|x: &i32| x % 2, batching(2)).capture()
    /// });
    /// assert_eq!(pairs.extract(), [(0, vec![(0, vec![2, 4]), (1, vec![1, 3]), (1, vec![5])])]);
    /// ```
    fn transduce_by_key<K, F, X>(self, key: F, xf: X) -> StreamVec<'scope, T, (K, X::Out)>
    where
        T: TotalOrder,
        In: ExchangeData,
        K: Hash + Eq + Clone + 'static,
        F: Fn(&In) -> K + Clone + 'static,
        X: Transducer<In, Out: 'static> + 'static,
    {
        keyed::keyed(self.into_parts().0, key, xf)
    }

    /// Folds all items into one output, which comes when the input has ended, on one of the workers.
    ///
    /// Each worker folds what comes to it, and only the accumulators are sent. They are combined in the order of the workers:
    /// the output is that of the items of worker 0, then those of worker 1, and so on, up to what the reducer's `Combine` says
    /// of rounding and chance. Stages before the reducer are applied to it, `xf.apply(reducer)`, if they treat each item by
    /// itself.
    ///
    /// - **Memory**: an accumulator a worker, and all of them on the one that combines. It holds its capability at the least
    ///   timestamp until the input has ended.
    /// - **Ends**: when the reducer has ended on every worker.
    /// - **Panics**: as the reducer does, or if an accumulator is none of this reducer's; either ends the worker.
    ///
    /// ```
    /// use timely::dataflow::operators::{Capture, ToStream};
    /// use timely::dataflow::operators::capture::Extract;
    /// use transducer::prelude::*;
    /// use transducer_timely::Transduce;
    ///
    /// let total = timely::example(|scope| {
    ///     let lengths = mapping(|word: &'static str| word.len()).apply(summing::<usize>());
    ///     ["to", "be", "or", "not"].to_stream(scope).combine(lengths).capture()
    /// });
    /// assert_eq!(total.extract(), [(0, vec![9])]);
    /// ```
    fn combine<R>(self, reducer: R) -> StreamVec<'scope, T, R::Output>
    where
        T: TotalOrder,
        R: Combine<In, Acc: ExchangeData, Output: 'static> + 'static,
    {
        let (stream, stop) = self.into_parts();
        combining::combine_at_end(stream, |_| (), reducer, Some(()), stop).map(|((), output)| output)
    }

    /// Folds the items of each timestamp into one output, which comes once no further item can, on one of the workers.
    ///
    /// As [`combine`](Self::combine), but a timestamp without items has no output. A [`Stop`] has no effect.
    ///
    /// For an example see [`source_at_times`](crate::source_at_times).
    fn combine_each_time<R>(self, reducer: R) -> StreamVec<'scope, T, R::Output>
    where
        R: Combine<In, Acc: ExchangeData, Output: 'static> + 'static,
    {
        combining::combine_each_time(self.into_parts().0, |_| (), reducer).map(|((), output)| output)
    }

    /// Folds the items of each key into one output, and emits `(key, output)` when the input has ended, on the worker that
    /// the key belongs to.
    ///
    /// Each worker folds the items of each key that come to it, and only the accumulators are sent, one a key and worker.
    /// They are combined in the order of the workers, as [`combine`](Self::combine) does. In which order the keys come is not
    /// defined.
    ///
    /// - **Memory**: an accumulator a key, on each worker on which the key is seen. It holds its capability at the least
    ///   timestamp until the input has ended.
    /// - **Panics**: as [`combine`](Self::combine).
    /// - **Like**: `grouping`, whose groups are all in one accumulator.
    ///
    /// ```
    /// use timely::dataflow::operators::{Capture, ToStream};
    /// use timely::dataflow::operators::capture::Extract;
    /// use transducer::prelude::*;
    /// use transducer_timely::Transduce;
    ///
    /// let counts = timely::example(|scope| {
    ///     let words = ["to", "be", "or", "not", "to", "be"].map(String::from);
    ///     words.to_stream(scope).combine_by_key(String::clone, counting()).capture()
    /// });
    /// let expected = [("be", 2), ("not", 1), ("or", 1), ("to", 2)].map(|(word, count)| (word.to_owned(), count));
    /// assert_eq!(counts.extract(), [(0, expected.to_vec())]);
    /// ```
    fn combine_by_key<K, F, R>(self, key: F, reducer: R) -> StreamVec<'scope, T, (K, R::Output)>
    where
        T: TotalOrder,
        K: Hash + Eq + ExchangeData,
        F: Fn(&In) -> K + 'static,
        R: Combine<In, Acc: ExchangeData, Output: 'static> + 'static,
    {
        combining::combine_at_end(self.into_parts().0, key, reducer, None, Stop::new())
    }

    /// Folds the items of each key and timestamp into one output, and emits `(key, output)` once no further item with this
    /// timestamp can come.
    ///
    /// Otherwise as [`combine_by_key`](Self::combine_by_key).
    fn combine_by_key_each_time<K, F, R>(self, key: F, reducer: R) -> StreamVec<'scope, T, (K, R::Output)>
    where
        K: Hash + Eq + ExchangeData,
        F: Fn(&In) -> K + 'static,
        R: Combine<In, Acc: ExchangeData, Output: 'static> + 'static,
    {
        combining::combine_each_time(self.into_parts().0, key, reducer)
    }
}

impl<'scope, T: Timestamp, In: 'static> Transduce<'scope, T, In> for StreamVec<'scope, T, In> {}

impl<'scope, T: Timestamp, In: 'static> Transduce<'scope, T, In> for Stopping<'scope, T, In> {}

use timely::{
    container::CapacityContainerBuilder,
    dataflow::{Scope, StreamVec, operators::generic::operator},
    progress::Timestamp,
};

use crate::Stop;

/// How many items a source makes before the rest of the dataflow has its turn, and it looks at its [`Stop`].
const PIECE: usize = 1024;

/// Makes a stream of `items`, all with the least timestamp, until they are at their end or `stop` says so.
///
/// It makes up to 1,024 items at a time, and then the rest of the dataflow has its turn. An iterator that waits, as that of a
/// channel does, holds up the whole worker meanwhile.
///
/// - **Memory**: some thousand items, as long as nothing is sent to other workers. What another worker has not worked up yet is
///   kept, however much it is.
/// - **Ends**: with the iterator, or up to 1,024 items after the runs that belong to `stop` have ended. Then the iterator
///   is dropped.
/// - **Like**: timely's `to_stream`, which can't be stopped.
///
/// For an example see [`Stop`].
pub fn source<'scope, T, I>(scope: Scope<'scope, T>, items: I, stop: &Stop) -> StreamVec<'scope, T, I::Item>
where
    T: Timestamp,
    I: IntoIterator<IntoIter: 'static, Item: 'static>,
{
    source_at_times(scope, items.into_iter().map(|item| (T::minimum(), item)), stop)
}

/// Makes a stream of items with timestamps, until they are at their end or `stop` says so.
///
/// No timestamp may be before the one of an earlier item, because the frontier follows them: what is downstream is told
/// that no earlier one comes any more.
///
/// - **Ends**: as [`source`].
/// - **Panics**: if a timestamp is not at or after that of the item before.
///
/// ```
/// use timely::dataflow::operators::Capture;
/// use timely::dataflow::operators::capture::Extract;
/// use transducer::prelude::*;
/// use transducer_timely::{Stop, Transduce, source_at_times};
///
/// let sums = timely::example(|scope| {
///     source_at_times(scope, [(0_u64, 1), (0, 2), (1, 5)], &Stop::new()).combine_each_time(summing::<i32>()).capture()
/// });
/// assert_eq!(sums.extract(), [(0, vec![3]), (1, vec![5])]);
/// ```
pub fn source_at_times<'scope, T, D, I>(scope: Scope<'scope, T>, items: I, stop: &Stop) -> StreamVec<'scope, T, D>
where
    T: Timestamp,
    D: 'static,
    I: IntoIterator<Item = (T, D), IntoIter: 'static>,
{
    let stop = stop.clone();
    operator::source::<_, CapacityContainerBuilder<Vec<D>>, _, _>(scope, "Source", move |capability, info| {
        let activator = scope.activator_for(info.address);
        let mut open = Some((items.into_iter().peekable(), capability));
        move |output| {
            let Some((items, capability)) = &mut open else { return };
            let mut left = if stop.is_stopped() { 0 } else { PIECE };
            while left > 0 {
                let Some((time, item)) = items.next() else { break };
                if *capability.time() != time {
                    assert!(
                        capability.time().less_equal(&time),
                        "`items` must come in the order of their timestamps: {time:?} came after {:?}",
                        capability.time()
                    );
                    capability.downgrade(&time);
                }
                let mut session = output.session(&*capability);
                session.give(item);
                left -= 1;
                while left > 0 {
                    let Some((_, item)) = items.next_if(|(next, _)| *next == time) else { break };
                    session.give(item);
                    left -= 1;
                }
            }
            if left > 0 || stop.is_stopped() {
                open = None;
            } else {
                activator.activate();
            }
        }
    })
}

//! The prelude clashes with nothing that stands beside it.

use std::{
    convert::Infallible,
    iter::*,
    pin::Pin,
    task::{Context, Poll},
};

use futures::{executor::block_on, prelude::*};
use itertools::*;
use transducer::prelude::*;

#[test]
fn a_program_takes_it_beside_std_itertools_and_futures() {
    let numbers = || successors(Some(1u32), |number| Some(number + 1));
    let odd = pipeline::<u32>().filter(|number| number % 2 == 1).chunks(2);

    // Each crate's verbs, each found.
    assert_eq!(numbers().transduce(&odd).take(2).collect_vec(), [[1, 3], [5, 7]]);
    assert!(all(numbers().transduce(&odd).take(2), |pair| pair.len() == 2));
    assert!(transduce(&odd, any_of(|pair: Vec<u32>| pair[0] > 100), numbers()));
    let pairs = block_on(stream::iter(numbers()).transduce(&odd).take(1).collect::<Vec<_>>());
    assert_eq!(pairs, [[1, 3]]);
    let mut sink = Vec::new().with_transducer(&odd);
    block_on(async {
        sink.send(1).await.unwrap();
        sink.send(3).await.unwrap();
        sink.close().await.unwrap();
    });
    assert_eq!(sink.get_ref(), &[[1, 3]]);
    let mut run = reactive_transduce(compose((first(), mapping(|number: u32| repeat(number).take(2)))), drop);
    assert!(run.send(1).is_break());
}

/// A connection: a stream of what comes in, and a sink for what goes out.
struct Connection {
    incoming: stream::Iter<std::ops::Range<u32>>,
    outgoing: Vec<u32>,
}

impl Stream for Connection {
    type Item = u32;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<u32>> {
        self.incoming.poll_next_unpin(context)
    }
}

impl Sink<u32> for Connection {
    type Error = Infallible;

    fn poll_ready(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn start_send(mut self: Pin<&mut Self>, item: u32) -> Result<(), Infallible> {
        self.outgoing.push(item);
        Ok(())
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }
}

#[test]
fn what_is_a_stream_and_a_sink_is_transduced_on_the_side_that_is_meant() {
    let mut connection = Connection { incoming: stream::iter(1..4), outgoing: Vec::new() };
    let doubled = || mapping(|number: u32| number * 2);
    assert_eq!(block_on((&mut connection).transduce(doubled()).collect::<Vec<_>>()), [2, 4, 6]);
    block_on((&mut connection).with_transducer(doubled()).send(4)).unwrap();
    assert_eq!(connection.outgoing, [8]);
}

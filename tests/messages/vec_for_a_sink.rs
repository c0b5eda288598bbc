//! The mistake: a collection where an event sink is expected.
//! The way out: `collection_sink(Vec::new())`.

use transducer::prelude::*;

fn main() {
    let mut run = reactive_transduce(mapping(|x: u32| x * 2), Vec::new());
    run.send(1);
}

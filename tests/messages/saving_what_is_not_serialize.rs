//! The mistake: a run is saved whose state holds items that can't be serialized.
//! The way out: `#[derive(serde::Serialize, serde::Deserialize)]` on the item's type.

use transducer::prelude::*;

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Score(u32);

fn main() {
    let mut run = reactive_transduce(sorting(), null_sink());
    run.send(Score(1));
    let (suspended, _) = run.suspend();
    println!("{}", serde_json::to_string(&suspended).unwrap());
}

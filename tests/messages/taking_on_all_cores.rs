//! The mistake: a stage that depends on the items before, on all cores.
//! The way out: `par_transduce_in_order`, where the stages before it are the prefix.

use transducer::prelude::*;

fn main() {
    let ten_squares = compose((mapping(|x: u64| x * x), taking(10)));
    println!("{:?}", par_transduce(ten_squares, appending(), 0..1_000u64));
}

//! The mistake: a source gives references, and the pipeline takes the items themselves.
//! The way out: `numbers.iter().copied()`, `numbers` itself, or a pipeline of `&u32`.

use transducer::prelude::*;

fn main() {
    let numbers = vec![1, 2, 3];
    let odd = compose((filtering(|x: &u32| x % 2 == 1), mapping(|x: u32| x * x)));
    println!("{:?}", transduce(odd, appending(), numbers.iter()));
}

//! The mistake: the method of a trait that isn't imported.
//! The way out: `use transducer::prelude::*;`.

use transducer::{compose, filtering, taking};

fn main() {
    let odd = compose((filtering(|x: &u32| x % 2 == 1), taking(2)));
    println!("{:?}", (0..9).transduce(odd).collect::<Vec<_>>());
}

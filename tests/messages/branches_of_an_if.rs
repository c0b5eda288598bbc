//! The mistake: the branches of an `if` make pipelines of different types.
//! The way out: `transducer::boxed(..)` around each.

use transducer::prelude::*;

fn main() {
    let is_short = std::env::args().count() > 1;
    let shown = if is_short { taking(2) } else { filtering(|x: &u32| x % 2 == 1) };
    println!("{}", transduce(shown, counting(), [1, 2, 3]));
}

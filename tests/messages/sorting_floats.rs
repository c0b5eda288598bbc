//! The mistake: `sorting` of floats, which have no total order.
//! The way out: `sorting_by(f64::total_cmp)`.

use transducer::prelude::*;

fn main() {
    println!("{:?}", transduce(sorting(), appending(), [2.5, 1.5]));
}

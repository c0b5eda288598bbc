//! The mistake: the name of a reducer's function without its call, or a closure, where a reducer is expected.
//! The way out: `counting()`; `summing::<u32>()`, or `folding(0, |sum, x| sum + x)`.

use transducer::prelude::*;

fn main() {
    println!("{}", transduce(filtering(|x: &u32| x % 2 == 1), counting, [1, 2, 3]));
    println!("{}", transduce(filtering(|x: &u32| x % 2 == 1), |sum: u32, x: u32| sum + x, [1, 2, 3]));
}

//! The mistake: stages as arguments of their own.
//! The way out: a tuple of them, `compose((.., ..))`.

use transducer::prelude::*;

fn main() {
    let odd = compose(filtering(|x: &u32| x % 2 == 1), taking(2));
    println!("{}", transduce(odd, counting(), [1, 2, 3]));
}

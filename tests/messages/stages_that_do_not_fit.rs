//! The mistake: a stage that takes another type than the stage before it emits.
//! The way out: `mapping(|digits: String| ..)`.

use transducer::prelude::*;

fn main() {
    let digits = compose((mapping(|x: u8| x.to_string()), mapping(|x: u8| x + 1)));
    println!("{}", transduce(digits, counting(), [1, 2, 3]));
}

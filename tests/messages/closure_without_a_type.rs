//! The mistake: a closure whose argument could be anything, because the items are not known where it stands.
//! The way out: write the type, `|word: &&str|`, or start with `pipeline::<&str>()`.

use transducer::prelude::*;

fn main() {
    let long = compose((filtering(|word| word.len() > 3), taking(2)));
    println!("{}", transduce(long, counting(), ["a", "word", "is", "long"]));
}

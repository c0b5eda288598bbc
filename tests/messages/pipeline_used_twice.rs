//! The mistake: a pipeline that is used after it was moved into a driver.
//! The way out: lend it, `transduce(&matching, ..)`.

use transducer::prelude::*;

fn main() {
    let prefix = String::from("to");
    let matching = filtering(move |word: &&str| word.starts_with(&prefix));
    println!("{}", transduce(matching, counting(), ["to", "be"]));
    println!("{}", transduce(matching, joining(" "), ["to", "do"]));
}

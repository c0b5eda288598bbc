//! The mistake: a closure that changes a variable of its own.
//! The way out: `enumerating()`, or `scanning(0, |count, item| ..)`, which keeps the count in the state of the run.

use transducer::prelude::*;

fn main() {
    let mut count = 0;
    let numbered = mapping(|word: &str| {
        count += 1;
        format!("{count} {word}")
    });
    println!("{}", transduce(numbered, joining(", "), ["to", "be"]));
}

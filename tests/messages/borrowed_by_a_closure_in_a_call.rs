//! The mistake: a closure that is written inside of a call, where references of every lifetime come.
//! The way out: `let width = |line: &str| line.len();`.

use transducer::prelude::*;

fn main() {
    let mut run = reactive_transduce(mapping(|line: &str| line.len()), collection_sink(vec![]));
    let line = String::from("a line");
    run.send_borrowed(&line);
}

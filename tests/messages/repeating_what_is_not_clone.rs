//! The mistake: `repeating` of items that can't be cloned.
//! The way out: `#[derive(Clone)]` on the item's type, or `mapping(Rc::new)` before `repeating`.

use transducer::prelude::*;

struct Job;

fn main() {
    println!("{}", transduce(repeating(2), counting(), [Job]));
}

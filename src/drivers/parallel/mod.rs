//! On all cores, by rayon: no pool of its own, and nothing that blocks in rayon's.

mod by_key;
mod fold;
mod in_order;
mod iterator;

pub use by_key::par_by_key;
pub use fold::par_transduce;
pub use in_order::{Pieces, par_transduce_in_order};
pub use iterator::{ParallelTransduce, TransduceParallelIterator};

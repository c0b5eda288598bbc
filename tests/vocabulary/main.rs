//! What is tested of the whole vocabulary, from the one table of it. One program, since the table is
//! long to compile.

mod allocations;
mod compositions;
mod docs;
mod hostile;
mod laziness;
mod reducers;
mod resuming;
mod stages;
mod table;
mod traits;
mod wrappers;

//! What is tested of the whole vocabulary, from the one table of it. One program, since the table is
//! long to compile.

mod compositions;
mod docs;
mod reducers;
mod stages;
mod table;
mod traits;

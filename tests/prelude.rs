//! The prelude clashes with nothing that stands beside it.

use std::{
    convert::Infallible,
    fs,
    iter::*,
    path::Path,
    pin::Pin,
    task::{Context, Poll},
};

use futures::{executor::block_on, prelude::*};
use itertools::*;
use transducer::prelude::*;

#[test]
fn a_program_takes_it_beside_std_itertools_and_futures() {
    let numbers = || successors(Some(1u32), |number| Some(number + 1));
    let odd = pipeline::<u32>().filter(|number| number % 2 == 1).chunks(2);

    // Each crate's verbs, each found.
    assert_eq!(numbers().transduce(&odd).take(2).collect_vec(), [[1, 3], [5, 7]]);
    assert!(all(numbers().transduce(&odd).take(2), |pair| pair.len() == 2));
    assert!(transduce(&odd, any_of(|pair: Vec<u32>| pair[0] > 100), numbers()));
    let pairs = block_on(stream::iter(numbers()).transduce(&odd).take(1).collect::<Vec<_>>());
    assert_eq!(pairs, [[1, 3]]);
    let mut sink = Vec::new().with_transducer(&odd);
    block_on(async {
        sink.send(1).await.unwrap();
        sink.send(3).await.unwrap();
        sink.close().await.unwrap();
    });
    assert_eq!(sink.get_ref(), &[[1, 3]]);
    let mut run = reactive_transduce(compose((first(), mapping(repeat::<u32>))), drop);
    assert!(run.send(1).is_break());
}

/// A connection: a stream of what comes in, and a sink for what goes out.
struct Connection {
    incoming: stream::Iter<std::ops::Range<u32>>,
    outgoing: Vec<u32>,
}

impl Stream for Connection {
    type Item = u32;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<u32>> {
        self.incoming.poll_next_unpin(context)
    }
}

impl Sink<u32> for Connection {
    type Error = Infallible;

    fn poll_ready(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn start_send(mut self: Pin<&mut Self>, item: u32) -> Result<(), Infallible> {
        self.outgoing.push(item);
        Ok(())
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }
}

#[test]
fn what_is_a_stream_and_a_sink_is_transduced_on_the_side_that_is_meant() {
    let mut connection = Connection { incoming: stream::iter(1..4), outgoing: Vec::new() };
    let doubled = || mapping(|number: u32| number * 2);
    assert_eq!(block_on((&mut connection).transduce(doubled()).collect::<Vec<_>>()), [2, 4, 6]);
    block_on((&mut connection).with_transducer(doubled()).send(4)).unwrap();
    assert_eq!(connection.outgoing, [8]);
}

/// The names that are exported by `source`, and the modules all of whose names are.
fn exports(source: &str) -> (Vec<&str>, Vec<&str>) {
    let mut names = vec![];
    let mut modules = vec![];
    for (attributes, tree) in source.split(';').filter_map(|statement| statement.split_once("pub use ")) {
        if attributes.contains(r#"feature = "tokio""#) && !cfg!(feature = "tokio") {
            continue;
        }
        let listed = tree.split_once('{').map_or(tree, |(_, listed)| listed.trim_end().trim_end_matches('}'));
        for path in listed.split(',').map(str::trim).filter(|path| !path.is_empty()) {
            match path.strip_suffix("::root::*") {
                Some(module) => modules.push(module),
                None => names.extend(path.rsplit("::").next()),
            }
        }
    }
    (names, modules)
}

/// Every name of the prelude, read from the sources.
fn names() -> Vec<String> {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let prelude = fs::read_to_string(sources.join("prelude.rs")).unwrap();
    let (listed, modules) = exports(&prelude);
    let mut names: Vec<_> = listed.into_iter().map(String::from).collect();
    for module in modules {
        let source = fs::read_to_string(sources.join(module).join("mod.rs")).unwrap();
        let (_, root) = source.split_once("pub(crate) mod root {").unwrap();
        names.extend(exports(root).0.into_iter().map(String::from));
    }
    names
}

#[test]
fn none_of_its_names_is_another_crates() {
    let names = names();
    assert!(names.len() >= 90, "some names were not found: {names:?}");
    let uses: String = names.iter().map(|name| format!("use crate::everything::{name};\n")).collect();
    let program = format!(
        "#![allow(unused_imports)]\n\
         #![deny(ambiguous_glob_imports)]\n\
         mod everything {{\n\
         pub use futures::prelude::*;\n\
         pub use itertools::*;\n\
         pub use std::{{iter::*, prelude::v1::*}};\n\
         pub use transducer::prelude::*;\n\
         }}\n\
         {uses}\
         fn main() {{}}\n"
    );
    // A name that two of them have is ambiguous as soon as it is used.
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("prelude.rs");
    fs::write(&path, program).unwrap();
    trybuild::TestCases::new().pass(path);
}

//! What can be put around a pipeline without changing what comes out of it.

use std::sync::Arc;

use crate::table::{Stage, Value};
use transducer::*;

/// A wrapper that makes no difference.
pub(crate) struct Wrapper {
    pub(crate) name: &'static str,
    pub(crate) wrap: fn(Stage) -> Stage,
}

impl Wrapper {
    /// Whether the pipeline inside is begun by its first item, so that of no input it makes nothing.
    pub(crate) fn needs_input(&self) -> bool {
        self.name == "by_key"
    }
}

/// The name of each wrapper, and what it makes of a boxed pipeline, to be boxed again.
macro_rules! wrappers {
    ($($name:literal: |$xf:ident| $wrapped:expr,)*) => {
        &[$(Wrapper { name: $name, wrap: |$xf| boxed($wrapped) },)*]
    };
}

pub(crate) const WRAPPERS: &[Wrapper] = wrappers![
    "boxed": |xf| xf,
    "Box": |xf| Box::new(xf),
    "Arc": |xf| Arc::new(xf),
    "Pipeline": |xf| pipeline().then(xf),
    "compose, first": |xf| compose((xf, same())),
    "compose, second": |xf| compose((same(), xf)),
    "on_ok": |xf| compose((mapping(Ok::<Value, ()>), on_ok(xf), mapping(|item: Result<Value, ()>| item.unwrap()))),
    "on_some": |xf| compose((mapping(Some), on_some(xf), mapping(|item: Option<Value>| item.unwrap()))),
    "by_key": |xf| compose((by_key(|_: &Value| (), xf), mapping(|((), item)| item))),
    "fan_out, first": |xf| fan_out((xf, taking(0))),
    "fan_out, second": |xf| fan_out((taking(0), xf)),
];

fn same() -> impl Transducer<Value, Out = Value, State: Send> + Send + Sync {
    mapping(|item: Value| item)
}

/// The pipeline inside wrappers inside wrappers. Between the inner ones there is no box; the outer ones are around a box, so
/// that they are compiled once.
pub(crate) fn all_around<X>(xf: X) -> Stage
where
    X: Transducer<Value, Out = Value, State: Send> + Send + Sync + 'static,
{
    let lifted = compose((mapping(Some), on_some(Box::new(xf)), flattening(), mapping(Ok::<Value, ()>)));
    let keyed = boxed(compose((by_key(|_: &Value| (), pipeline().then(lifted)), mapping(|((), item)| item))));
    let branches =
        Arc::new(fan_out((taking(0), compose((keyed, on_ok(same()), filter_mapping(Result::ok))), taking(0))));
    boxed(compose((same(), branches, same())))
}

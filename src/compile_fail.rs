//! What must not compile, or not without a warning.

/// Recipes do nothing by themselves, and the compiler says so.
///
/// ```compile_fail
/// #![deny(unused_must_use)]
/// transducer::mapping(|x: u8| x);
/// ```
/// ```compile_fail
/// #![deny(unused_must_use)]
/// transducer::compose((transducer::taking(1), transducer::first()));
/// ```
/// ```compile_fail
/// #![deny(unused_must_use)]
/// transducer::pipeline::<u8>().map(|x| x);
/// ```
/// ```compile_fail
/// #![deny(unused_must_use)]
/// transducer::appending();
/// ```
/// ```compile_fail
/// #![deny(unused_must_use)]
/// transducer::lazy_transduce(transducer::taking(1), 0..3);
/// ```
/// ```compile_fail
/// #![deny(unused_must_use)]
/// transducer::reactive_transduce::<u8, _, _>(transducer::taking(1), transducer::null_sink());
/// ```
/// The same compiles when it is used:
/// ```
/// #![deny(unused_must_use)]
/// let _ = transducer::compose((transducer::mapping(|x: u8| x), transducer::first()));
/// let _ = transducer::appending();
/// let _ = transducer::lazy_transduce(transducer::taking(1), 0..3);
/// let _ = transducer::reactive_transduce::<u8, _, _>(transducer::taking(1), transducer::null_sink());
/// ```
struct MustUse;

/// Stages whose items do not fit do not stack.
///
/// ```compile_fail,E0277
/// use transducer::*;
/// transduce(compose((mapping(|x: u8| x.to_string()), mapping(|x: u8| x))), counting(), [1u8]);
/// ```
/// ```
/// use transducer::*;
/// transduce(compose((mapping(|x: u8| x.to_string()), mapping(|x: String| x))), counting(), [1u8]);
/// ```
struct ItemsFit;

/// What is not `Send` does not leave its thread.
///
/// ```compile_fail,E0277
/// use transducer::*;
/// let count = std::cell::Cell::new(0);
/// let xf = inspecting(|_: &u8| count.set(count.get() + 1));
/// std::thread::scope(|scope| scope.spawn(|| transduce(&xf, counting(), [1])).join().unwrap());
/// ```
/// ```
/// use transducer::*;
/// let xf = inspecting(|_: &u8| ());
/// std::thread::scope(|scope| scope.spawn(|| transduce(&xf, counting(), [1])).join().unwrap());
/// ```
struct ThreadSafety;

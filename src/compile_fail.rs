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

/// A box for one thread stays there.
///
/// ```compile_fail,E0277
/// use transducer::*;
/// let xf: LocalBoxed<u8, u8> = boxed_local(mapping(|x: u8| x));
/// std::thread::scope(|scope| scope.spawn(|| transduce(&xf, counting(), [1])).join().unwrap());
/// ```
/// ```
/// use transducer::*;
/// let xf: Boxed<u8, u8> = boxed(mapping(|x: u8| x));
/// std::thread::scope(|scope| scope.spawn(|| transduce(&xf, counting(), [1])).join().unwrap());
/// ```
struct LocalBoxes;

/// How many outputs there will be is known only where each item makes one.
///
/// ```compile_fail,E0277
/// use transducer::*;
/// let _ = [1].into_iter().transduce(compose((mapping(|x: u8| x), filtering(|x: &u8| *x > 0)))).len();
/// ```
/// ```
/// use transducer::*;
/// let _ = [1].into_iter().transduce(compose((mapping(|x: u8| x), inspecting(|_: &u8| {})))).len();
/// ```
struct KnownLengths;

/// What is borrowed for a call is not kept.
///
/// ```compile_fail,E0308
/// use transducer::*;
/// let mut run = reactive_transduce(batching(2), collection_sink(vec![]));
/// let line = String::new();
/// run.send_borrowed(line.as_str());
/// ```
/// ```
/// use transducer::*;
/// let mut run = reactive_transduce(compose((mapping(str::to_owned), batching(2))), collection_sink(vec![]));
/// let line = String::new();
/// run.send_borrowed(line.as_str());
/// ```
/// Nor is it a reference that outlives the buffer:
/// ```compile_fail,E0308
/// use transducer::*;
/// let mut run = reactive_transduce(mapping(str::trim), collection_sink(vec![]));
/// let line = String::new();
/// run.send_borrowed(line.as_str());
/// ```
struct BorrowedForACall;

/// A stage that has deadlines, or hasn't: nothing else differs.
macro_rules! stage {
    () => {
        "# use transducer::*;
        # struct Stage<const TIMED: bool>;
        # impl<const TIMED: bool> Transducer<u8> for Stage<TIMED> {
        #     type Out = u8;
        #     type State = ();
        #     const SHAPE: Shape = if TIMED { Shape::ONE.timed() } else { Shape::ONE };
        #     fn initial(&self) {}
        #     fn step(&self, _: &mut (), item: u8, out: &mut impl Emit<u8>) -> Step {
        #         out.emit(item)
        #     }
        # }
        "
    };
}

/// Who tells no time refuses a pipeline that waits for it, and takes one that doesn't.
macro_rules! refused {
    ($($(#[$attribute:meta])* $who:ident: $run:literal)*) => {$(
        $(#[$attribute])*
        #[doc = concat!(
            "```compile_fail,E0080\n", stage!(), "let xf = compose((taking(3), Stage::<true>));\n", $run, "\n```\n",
            "```\n", stage!(), "let xf = compose((taking(3), Stage::<false>));\n", $run, "\n```"
        )]
        struct $who;
    )*};
}

refused! {
    Eager: "transduce(xf, counting(), [1]);"
    EagerFrom: "transduce_from(xf, counting(), [1], 2);"
    Lazy: "let _ = lazy_transduce(xf, [1]);"
    LazyMethod: "let _ = [1].into_iter().transduce(xf);"
    Pushed: "let _ = reactive_transduce(xf, null_sink());"
    #[cfg(feature = "async")]
    Stream: "let _ = futures::stream::iter([1]).transduce(xf);"
    #[cfg(feature = "async")]
    Sink: "let _ = Vec::new().with_transducer(xf);"
    BoxedUp: "let _ = boxed(xf);"
    #[cfg(feature = "alloc")]
    BoxedUpForOneThread: "let _ = boxed_local(xf);"
    PipelineBoxedUp: "let _ = pipeline::<u8>().then(xf).boxed();"
    Applied: "let _ = xf.apply(counting());"
    #[cfg(feature = "laws")]
    HeldToTheLaws: "let _ = laws::Laws::of(\"it\", xf);"
}

/// A box in which there can be deadlines is refused as well, whatever is in it.
///
/// ```compile_fail,E0080
/// use transducer::*;
/// let xf: TimedBoxed<u8, u8> = boxed_timed(mapping(|x| x));
/// transduce(xf, counting(), [1]);
/// ```
/// ```
/// use transducer::*;
/// let xf: TimedBoxed<u8, u8> = boxed_timed(mapping(|x| x));
/// assert_eq!(kernel::Run::new(xf).step(1), Some(1));
/// ```
struct TimedBoxes;

//! The reducers, one or a close family a file.

/// Declares reducers: the module, and all that is public in it.
macro_rules! reducers {
    ($($(#[$attribute:meta])* $name:ident,)*) => {
        $(
            $(#[$attribute])*
            mod $name;
            $(#[$attribute])*
            pub use $name::*;
        )*
    };
}

reducers! {
    all,
    any,
    #[cfg(feature = "alloc")]
    appending,
    averaging,
    collecting,
    counting,
    expecting_single,
    first_of,
    folding,
    for_each,
    #[cfg(feature = "std")]
    frequencies,
    #[cfg(feature = "std")]
    grouping,
    #[cfg(feature = "alloc")]
    joining,
    last_of,
    maximum,
    minimum,
    multiplying,
    #[cfg(feature = "alloc")]
    reservoir,
    sending,
    statistics,
    summing,
    #[cfg(feature = "alloc")]
    top,
    trying,
    tuples,
}

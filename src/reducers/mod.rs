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
    #[cfg(feature = "alloc")]
    appending,
    collecting,
    counting,
    expecting_single,
    folding,
    for_each,
    #[cfg(feature = "alloc")]
    joining,
    sending,
    summing,
    trying,
}

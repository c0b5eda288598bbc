//! The transducers, one stage or close family a file.

/// Declares stages: the module, and all that is public in it.
macro_rules! stages {
    ($($(#[$attribute:meta])* $name:ident,)*) => {
        $(
            $(#[$attribute])*
            mod $name;
            $(#[$attribute])*
            pub use $name::*;
        )*
    };
}

stages! {
    #[cfg(feature = "alloc")]
    batching,
    deduping,
    enumerating,
    filter_mapping,
    filtering,
    first,
    first_where,
    flat_mapping,
    flattening,
    inspecting,
    interspersing,
    last,
    mapping,
    removing,
    repeating,
    scanning,
    skipping,
    skipping_while,
    taking,
    taking_while,
    #[cfg(feature = "alloc")]
    windowing,
}

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
    #[cfg(feature = "alloc")]
    batching_by,
    #[cfg(feature = "alloc")]
    batching_by_time,
    #[cfg(feature = "std")]
    by_key,
    deduping,
    #[cfg(feature = "std")]
    distinct,
    element_at,
    enumerating,
    fan_out,
    filter_mapping,
    filtering,
    first,
    first_where,
    flat_mapping,
    flattening,
    following_with,
    inspecting,
    interspersing,
    last,
    mapping,
    mapping_while,
    on_ok,
    on_some,
    pairing,
    prepending,
    reducing,
    removing,
    repeating,
    replacing,
    #[cfg(feature = "alloc")]
    reversing,
    sampling,
    scanning,
    #[cfg(feature = "alloc")]
    sessioning,
    skipping,
    #[cfg(feature = "alloc")]
    skipping_last,
    skipping_while,
    #[cfg(feature = "alloc")]
    sorting,
    stepping_by,
    taking,
    #[cfg(feature = "alloc")]
    taking_last,
    taking_until,
    taking_while,
    #[cfg(feature = "alloc")]
    time_window,
    #[cfg(feature = "alloc")]
    windowing,
    #[cfg(feature = "alloc")]
    windowing_by_time,
    zipping,
}

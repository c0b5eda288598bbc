//! `Debug` for what holds closures: they print as the name of their type, as tower's layers do.

use core::{any::type_name, fmt, marker::PhantomData};

/// Prints the name of the type `F`.
pub(crate) struct TypeName<F>(PhantomData<fn(&F)>);

impl<F> TypeName<F> {
    pub(crate) fn of(_: &F) -> Self {
        Self(PhantomData)
    }
}

impl<F> fmt::Debug for TypeName<F> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(type_name::<F>())
    }
}

/// Implements `Debug` for a struct with closures: plain fields before the `;`, closures after it.
///
/// `debug_closures!(Scanning<S, F> { initial: S; f });` prints `Scanning { initial: 0, f: {closure} }`.
macro_rules! debug_closures {
    ($name:ident<$($param:ident),* $(; const $const:ident: $of:ty)?> { $($field:ident: $type:ty),*; $($closure:ident),* }) => {
        impl<$($param),* $(, const $const: $of)?> core::fmt::Debug for $name<$($param),* $(, $const)?>
        where
            $($type: core::fmt::Debug,)*
        {
            fn fmt(&self, out: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                out.debug_struct(stringify!($name))
                    $(.field(stringify!($field), &self.$field))*
                    $(.field(stringify!($closure), &$crate::kernel::debug::TypeName::of(&self.$closure)))*
                    .finish()
            }
        }
    };
}
pub(crate) use debug_closures;

//! How wrappers pass everything on.

/// Writes the methods and the shape of a [`Transducer`](super::Transducer) that is like an inner one, but for what is
/// said. Nothing can be forgotten: what isn't said is forwarded.
///
/// ```text
/// forward! { In => X: |this| &this.xf }                      all as it is
///     out |out| out.map(Ok)                                  what the inner one emits to
///     shape X::SHAPE.flushing()                              another shape
///     state |state| state.inner                              where in the state the inner one's is; with an `initial`
///     step { fn step(..) -> Step { .. } }                    another method; likewise `initial`, `resume`, `complete`,
///                                                            `size_hint`
/// ```
macro_rules! forward {
    (
        $In:ty => $X:ty: |$this:ident| $inner:expr
        $(, out |$out:ident| $mapped:expr)?
        $(, shape $shape:expr)?
        $(, state |$state:ident| $place:expr)?
        $(, initial { $($initial:tt)* })?
        $(, step { $($step:tt)* })?
        $(, resume { $($resume:tt)* })?
        $(, complete { $($complete:tt)* })?
        $(, size_hint { $($size_hint:tt)* })?
        $(, describe { $($describe:tt)* })?
    ) => {
        $crate::kernel::forward::forward! { @or { $(const SHAPE: $crate::kernel::Shape = $shape;)? }
            const SHAPE: $crate::kernel::Shape = <$X as $crate::kernel::Transducer<_>>::SHAPE;
        }

        $crate::kernel::forward::forward! { @or { $($($initial)*)? }
            #[inline]
            fn initial(&self) -> Self::State {
                let $this = self;
                $inner.initial()
            }
        }

        $crate::kernel::forward::forward! { @or { $($($step)*)? }
            #[inline(always)]
            fn step(
                &self,
                state: &mut Self::State,
                item: $In,
                out: &mut impl $crate::kernel::Emit<Self::Out>,
            ) -> $crate::kernel::Step {
                let $this = self;
                let state = $crate::kernel::forward::forward!(@place [&mut] state $(, $state, $place)?);
                $crate::kernel::forward::forward!(@call step [$inner, state, item] out $(, $out, $mapped)?)
            }
        }

        $crate::kernel::forward::forward! { @or { $($($resume)*)? }
            #[inline]
            fn resume(
                &self,
                state: &mut Self::State,
                out: &mut impl $crate::kernel::Emit<Self::Out>,
            ) -> $crate::kernel::Step {
                let $this = self;
                let state = $crate::kernel::forward::forward!(@place [&mut] state $(, $state, $place)?);
                $crate::kernel::forward::forward!(@call resume [$inner, state] out $(, $out, $mapped)?)
            }
        }

        $crate::kernel::forward::forward! { @or { $($($complete)*)? }
            #[inline]
            fn complete(
                &self,
                state: &mut Self::State,
                out: &mut impl $crate::kernel::Emit<Self::Out>,
            ) -> $crate::kernel::Step {
                let $this = self;
                let state = $crate::kernel::forward::forward!(@place [&mut] state $(, $state, $place)?);
                $crate::kernel::forward::forward!(@call complete [$inner, state] out $(, $out, $mapped)?)
            }
        }

        #[inline]
        fn deadline(&self, state: &Self::State) -> Option<$crate::kernel::Time> {
            let $this = self;
            let state = $crate::kernel::forward::forward!(@place [&] state $(, $state, $place)?);
            $inner.deadline(state)
        }

        #[inline]
        fn advance(
            &self,
            state: &mut Self::State,
            out: &mut impl $crate::kernel::Emit<Self::Out>,
        ) -> $crate::kernel::Step {
            let $this = self;
            let state = $crate::kernel::forward::forward!(@place [&mut] state $(, $state, $place)?);
            $crate::kernel::forward::forward!(@call advance [$inner, state] out $(, $out, $mapped)?)
        }

        #[inline]
        fn is_reduced(&self, state: &Self::State) -> bool {
            let $this = self;
            let state = $crate::kernel::forward::forward!(@place [&] state $(, $state, $place)?);
            $inner.is_reduced(state)
        }

        #[inline]
        fn is_idle(&self, state: &Self::State) -> bool {
            let $this = self;
            let state = $crate::kernel::forward::forward!(@place [&] state $(, $state, $place)?);
            $inner.is_idle(state)
        }

        $crate::kernel::forward::forward! { @or { $($($size_hint)*)? }
            fn size_hint(&self, state: &Self::State, input: $crate::kernel::SizeHint) -> $crate::kernel::SizeHint {
                let $this = self;
                let state = $crate::kernel::forward::forward!(@place [&] state $(, $state, $place)?);
                $inner.size_hint(state, input)
            }
        }

        $crate::kernel::forward::forward! { @or { $($($describe)*)? }
            fn describe(&self, outline: &mut $crate::kernel::Outline) {
                let $this = self;
                $inner.describe(outline);
            }
        }

        fn validate(&self, state: &mut Self::State) -> Result<(), $crate::kernel::InvalidState> {
            let $this = self;
            let state = $crate::kernel::forward::forward!(@place [&mut] state $(, $state, $place)?);
            $inner.validate(state)
        }

        $crate::kernel::forward::forward! { @or { $(fn shape(&self) -> $crate::kernel::Shape { $shape })? }
            #[inline]
            fn shape(&self) -> $crate::kernel::Shape {
                let $this = self;
                $inner.shape()
            }
        }
    };
    (@or { } $($default:tt)*) => { $($default)* };
    (@or { $($said:tt)+ } $($default:tt)*) => { $($said)+ };
    (@place [$($borrow:tt)*] $given:ident) => { $given };
    (@place [$($borrow:tt)*] $given:ident, $state:ident, $place:expr) => {{
        let $state = $given;
        $($borrow)* $place
    }};
    (@call $method:ident [$($argument:tt)*] $given:ident) => {
        $crate::kernel::call::$method($($argument)*, $given)
    };
    (@call $method:ident [$($argument:tt)*] $given:ident, $out:ident, $mapped:expr) => {{
        let $out = $given;
        $crate::kernel::call::$method($($argument)*, &mut $mapped)
    }};
}
pub(crate) use forward;

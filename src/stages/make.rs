//! What [`batching`](crate::batching), [`windowing`](crate::windowing) and their twins make of items side by side.

use alloc::vec::Vec;
use core::{fmt, marker::PhantomData, mem, ops::Deref};

use smallvec::SmallVec;

use crate::kernel::debug::debug_closures;

/// What a batch is collected in, and what it becomes as an output: [`Whole`] in [`batching`](crate::batching), [`Lent`] in
/// [`batching_with`](crate::batching_with), [`Collected`] and [`InArray`] for small ones.
pub trait Make<T>: sealed::Sealed {
    #[doc(hidden)]
    const SUFFIX: &'static str;

    /// Whether a batch has as many items as came.
    #[doc(hidden)]
    const IS_EXACT: bool = true;

    /// What the items are collected in.
    type Batch: Default;
    /// The output.
    type Out;

    /// Adds an item to a batch that is to have `size`.
    fn push(&self, batch: &mut Self::Batch, item: T, size: usize);

    /// How many items there are.
    fn len(&self, batch: &Self::Batch) -> usize;

    /// Makes an output of all items, and leaves none.
    fn take(&self, batch: &mut Self::Batch) -> Self::Out;
}

/// What a window becomes as an output: [`Whole`] in [`windowing`](crate::windowing), [`Lent`] in
/// [`windowing_with`](crate::windowing_with), [`Collected`] and [`InArray`] for small ones.
pub trait MakeOf<T>: sealed::Sealed {
    #[doc(hidden)]
    const SUFFIX: &'static str;

    /// What the latest items are kept in.
    type Buffer: Buffer<T>;
    /// The output.
    type Out;

    /// Makes an output of `items`, which stay.
    fn make(&self, items: &[T]) -> Self::Out;
}

/// What the latest items are kept in, one beside the other. Sealed.
pub trait Buffer<T>: Default + Deref<Target = [T]> + sealed::Sealed {
    /// Adds an item, and drops some of those that are not among the latest `size`.
    fn push_latest(&mut self, item: T, size: usize);
}

/// A collection that grows item by item and knows how many it has: `Vec`, `SmallVec`, `BTreeSet` and their like.
pub trait Collection<T>: Default + Extend<T> {
    /// How many items it has.
    fn count(&self) -> usize;
}

impl<T, C: Default + Extend<T>> Collection<T> for C
where
    for<'a> &'a C: IntoIterator<IntoIter: ExactSizeIterator>,
{
    #[inline]
    fn count(&self) -> usize {
        self.into_iter().len()
    }
}

/// Gives the items themselves, in a `Vec`.
#[derive(Clone, Copy, Debug)]
pub struct Whole;

/// Gives what a closure returns for the items, which it borrows as a slice.
#[derive(Clone, Copy)]
pub struct Lent<F> {
    pub(super) f: F,
}

/// Gives the items themselves, in a collection of type `C`.
pub struct Collected<C> {
    collection: PhantomData<fn() -> C>,
}

/// Gives the items themselves, in an array.
#[derive(Clone, Copy, Debug)]
pub struct InArray<const N: usize>;

impl<C> Collected<C> {
    pub(super) const fn new() -> Self {
        Self { collection: PhantomData }
    }
}

impl<C> Clone for Collected<C> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C> Copy for Collected<C> {}

impl<C> fmt::Debug for Collected<C> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Collected")
    }
}

mod sealed {
    use alloc::vec::Vec;

    use smallvec::SmallVec;

    pub trait Sealed {}
    impl Sealed for super::Whole {}
    impl<F> Sealed for super::Lent<F> {}
    impl<C> Sealed for super::Collected<C> {}
    impl<const N: usize> Sealed for super::InArray<N> {}
    impl<T> Sealed for Vec<T> {}
    impl<T, const N: usize> Sealed for SmallVec<[T; N]> {}
}

impl<T> Make<T> for Whole {
    const SUFFIX: &'static str = "";

    type Batch = Vec<T>;
    type Out = Vec<T>;

    #[inline(always)]
    fn push(&self, batch: &mut Vec<T>, item: T, size: usize) {
        push(batch, item, size);
    }

    #[inline]
    fn len(&self, batch: &Vec<T>) -> usize {
        batch.len()
    }

    #[inline]
    fn take(&self, batch: &mut Vec<T>) -> Vec<T> {
        mem::take(batch)
    }
}

impl<T, Out, F: Fn(&[T]) -> Out> Make<T> for Lent<F> {
    const SUFFIX: &'static str = "_with";

    type Batch = Vec<T>;
    type Out = Out;

    #[inline(always)]
    fn push(&self, batch: &mut Vec<T>, item: T, size: usize) {
        push(batch, item, size);
    }

    #[inline]
    fn len(&self, batch: &Vec<T>) -> usize {
        batch.len()
    }

    #[inline]
    fn take(&self, batch: &mut Vec<T>) -> Out {
        let out = (self.f)(batch);
        batch.clear();
        out
    }
}

// What is kept is written as in a `Vec`: a run goes on in another collection.
impl<T, C: Collection<T>> Make<T> for Collected<C> {
    const SUFFIX: &'static str = "";
    // Not if it is a set.
    const IS_EXACT: bool = false;

    type Batch = C;
    type Out = C;

    #[inline(always)]
    fn push(&self, batch: &mut C, item: T, _: usize) {
        batch.extend(Some(item));
    }

    #[inline]
    fn len(&self, batch: &C) -> usize {
        batch.count()
    }

    #[inline]
    fn take(&self, batch: &mut C) -> C {
        mem::take(batch)
    }
}

impl<T, const N: usize> Make<T> for InArray<N> {
    const SUFFIX: &'static str = "_array";

    type Batch = SmallVec<[T; N]>;
    type Out = Result<[T; N], SmallVec<[T; N]>>;

    #[inline(always)]
    fn push(&self, batch: &mut Self::Batch, item: T, _: usize) {
        batch.push(item);
    }

    #[inline]
    fn len(&self, batch: &Self::Batch) -> usize {
        batch.len()
    }

    #[inline]
    fn take(&self, batch: &mut Self::Batch) -> Self::Out {
        mem::take(batch).into_inner()
    }
}

impl<T: Clone> MakeOf<T> for Whole {
    const SUFFIX: &'static str = "";

    type Buffer = Vec<T>;
    type Out = Vec<T>;

    #[inline]
    fn make(&self, items: &[T]) -> Vec<T> {
        items.to_vec()
    }
}

impl<T, Out, F: Fn(&[T]) -> Out> MakeOf<T> for Lent<F> {
    const SUFFIX: &'static str = "_with";

    type Buffer = Vec<T>;
    type Out = Out;

    #[inline]
    fn make(&self, items: &[T]) -> Out {
        (self.f)(items)
    }
}

impl<T: Clone, C: FromIterator<T>> MakeOf<T> for Collected<C> {
    const SUFFIX: &'static str = "";

    type Buffer = Vec<T>;
    type Out = C;

    #[inline]
    fn make(&self, items: &[T]) -> C {
        items.iter().cloned().collect()
    }
}

impl<T: Clone, const N: usize> MakeOf<T> for InArray<N> {
    const SUFFIX: &'static str = "_array";

    type Buffer = SmallVec<[T; N]>;
    type Out = [T; N];

    #[inline]
    fn make(&self, items: &[T]) -> [T; N] {
        core::array::from_fn(|place| items[place].clone())
    }
}

/// Grows to twice a window before those that have left it are dropped, so that an item is moved less than twice.
impl<T> Buffer<T> for Vec<T> {
    #[inline]
    fn push_latest(&mut self, item: T, size: usize) {
        if self.len() / 2 >= size {
            self.drain(..self.len() - (size - 1));
        }
        self.push(item);
    }
}

/// Has room for one window.
impl<T, const N: usize> Buffer<T> for SmallVec<[T; N]> {
    #[inline]
    fn push_latest(&mut self, item: T, size: usize) {
        if self.len() >= size {
            self.drain(..self.len() - (size - 1));
        }
        self.push(item);
    }
}

#[inline(always)]
fn push<T>(batch: &mut Vec<T>, item: T, size: usize) {
    if batch.len() < batch.capacity() {
        batch.push(item);
    } else if batch.capacity() == 0 {
        *batch = begun(item, size);
    } else {
        *batch = grown(mem::take(batch), item);
    }
}

/// A batch of one item.
#[cold]
fn begun<T>(item: T, size: usize) -> Vec<T> {
    // Enough for most batches at once; a larger one grows, since a size is no promise of items.
    let mut batch = Vec::with_capacity(size.min(1024));
    batch.push(item);
    batch
}

/// The batch with another item, for which it had no room. By value: a batch that nobody points to can stay in
/// registers.
#[cold]
fn grown<T>(mut batch: Vec<T>, item: T) -> Vec<T> {
    batch.push(item);
    batch
}

debug_closures!(Lent<F> {; f});

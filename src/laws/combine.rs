//! `combine` is associative: any split of the input, combined in any bracketing, gives the output of the whole.

use alloc::{boxed::Box, format, string::String, vec::Vec};
use core::fmt;

use proptest::{
    collection::vec,
    prelude::any,
    strategy::Strategy,
    test_runner::{Config, TestCaseError, TestError, TestRunner},
};

use super::{Broken, Driver, Law};
use crate::kernel::{Combine, Ending, Guarded};

/// A reducer to be held to the law of [`Combine`].
///
/// It draws inputs, cuts each into pieces, empty ones included, folds these apart, and combines neighbours in an order
/// that is drawn too. Now and then a piece is not combined, but goes on from the accumulator of the piece before it.
///
/// ```
/// use proptest::collection::vec;
/// use transducer::{laws::CombineLaws, prelude::*};
///
/// CombineLaws::of("count and maximum", (counting(), maximum())).check(vec(0u8.., 0..12));
/// ```
///
/// What a broken law looks like: this mean is not that of the whole.
///
/// ```should_panic
/// # use std::ops::ControlFlow;
/// # use proptest::collection::vec;
/// # use transducer::{Combine, Reducer, Step, laws::CombineLaws};
/// struct MeanOfMeans;
/// # impl Reducer<u8> for MeanOfMeans {
/// #     type Acc = Option<f64>;
/// #     type Output = Option<f64>;
/// #     fn initial(&self) -> Self::Acc { None }
/// #     fn step(&self, acc: &mut Self::Acc, item: u8) -> Step { self.combine(acc, Some(item.into())) }
/// #     fn complete(&self, acc: Self::Acc) -> Self::Output { acc }
/// # }
///
/// impl Combine<u8> for MeanOfMeans {
///     fn combine(&self, acc: &mut Option<f64>, later: Option<f64>) -> Step {
///         *acc = acc.zip(later).map(|(a, b)| (a + b) / 2.0).or(*acc).or(later);
///         ControlFlow::Continue(())
///     }
/// }
///
/// // MeanOfMeans breaks the law «combine is associative»: output: Some(0.25), expected Some(0.5), for the pieces ...
/// CombineLaws::of("MeanOfMeans", MeanOfMeans).check(vec(0u8.., 0..12));
/// ```
#[must_use = "nothing is checked until `check` is called"]
pub struct CombineLaws<In, R: Combine<In>> {
    name: String,
    reducer: R,
    agree: Box<Agree<In, R::Output>>,
    config: Config,
}

/// Whether the output of a split input will do, given the input and that of the whole.
type Agree<In, Out> = dyn Fn(&[In], &Out, &Out) -> bool;

impl<In, R> CombineLaws<In, R>
where
    In: Clone + fmt::Debug,
    R: Combine<In, Output: fmt::Debug>,
{
    /// Prepares to check `reducer`; failures call it `name`.
    pub fn of(name: impl Into<String>, reducer: R) -> Self
    where
        R::Output: PartialEq,
    {
        Self::up_to(name, reducer, |_, combined, whole| combined == whole)
    }

    /// Likewise, for a reducer whose output depends on where the input is cut: `agree(input, combined, whole)` says whether
    /// an output will do.
    ///
    /// ```
    /// use proptest::collection::vec;
    /// use transducer::{laws::CombineLaws, prelude::*};
    ///
    /// let close = |input: &[f64], sum: &f64, whole: &f64| {
    ///     let magnitude: f64 = input.iter().map(|x| x.abs()).sum();
    ///     (sum - whole).abs() <= magnitude * f64::EPSILON * input.len() as f64
    /// };
    /// CombineLaws::up_to("a sum of floats", summing::<f64>(), close).check(vec(-1e9..1e9, 0..20));
    /// ```
    pub fn up_to(
        name: impl Into<String>,
        reducer: R,
        agree: impl Fn(&[In], &R::Output, &R::Output) -> bool + 'static,
    ) -> Self {
        let config = Config { failure_persistence: None, ..Config::default() };
        Self { name: name.into(), reducer, agree: Box::new(agree), config }
    }

    /// Has this many inputs drawn. Proptest's own number if left out: 256, or `PROPTEST_CASES`.
    pub fn cases(mut self, cases: u32) -> Self {
        self.config.cases = cases;
        self
    }

    /// Draws inputs, and a way to cut and combine each.
    ///
    /// # Panics
    /// If the law is broken, with the smallest input found that shows it.
    pub fn check(self, inputs: impl Strategy<Value = Vec<In>>) {
        let splits = (inputs, vec(any::<u8>(), 0..6), vec(any::<u8>(), 12));
        let outcome = TestRunner::new(self.config.clone()).run(&splits, |(input, cuts, order)| {
            self.check_one(&input, &cuts, &order).map_err(|broken| TestCaseError::fail(format!("{broken}")))
        });
        match outcome {
            Ok(()) => {}
            Err(TestError::Fail(broken, (input, ..))) => {
                panic!("{} breaks {broken}\nsmallest input: {input:?}", self.name)
            }
            Err(TestError::Abort(reason)) => panic!("{}: no inputs to check with: {reason}", self.name),
        }
    }

    /// Checks one input, cut and combined in one way: `cuts` are places, whose order doesn't matter, and each number of
    /// `order` chooses the pieces to be combined next. Numbers that are too large are taken as a remainder.
    ///
    /// # Errors
    /// What was found.
    pub fn check_one(&self, input: &[In], cuts: &[u8], order: &[u8]) -> Result<(), Broken> {
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| usize::from(*cut) % (input.len() + 1)).collect();
        cuts.sort_unstable();
        let pieces = pieces(input, &cuts);
        let broken = |what| Err(Broken { law: Law::Combines, driver: Driver::Stepped, what });

        let mut whole = Guarded::of(&self.reducer);
        let ended_after = input.iter().position(|item| self.step(&mut whole, item).is_break());
        let has_ended = whole.reduced;
        let whole = self.reducer.complete(whole.state);

        let combined = match self.combined(&pieces, order) {
            Ok(combined) => combined,
            Err(what) => return broken(format!("{what}, for the pieces {pieces:?}")),
        };
        if combined.reduced != has_ended || self.reducer.is_reduced(&combined.state) != has_ended {
            let said = combined.reduced;
            return broken(format!(
                "whether the run has ended: {said}, expected {has_ended} (after item {ended_after:?}), for the pieces {pieces:?}"
            ));
        }
        let combined = self.reducer.complete(combined.state);
        if !(self.agree)(input, &combined, &whole) {
            return broken(format!("output: {combined:?}, expected {whole:?}, for the pieces {pieces:?}"));
        }
        Ok(())
    }

    /// Folds the pieces, and combines them.
    fn combined(&self, pieces: &[&[In]], order: &[u8]) -> Result<Guarded<R::Acc>, String> {
        let mut numbers = order.iter().cycle().map(|number| usize::from(*number));
        let mut accs: Vec<Guarded<R::Acc>> = Vec::new();
        // If one piece decides the output, the others may stop wherever they are.
        let ends = |piece: &&[In]| {
            let mut acc = Guarded::of(&self.reducer);
            piece.iter().any(|item| self.step(&mut acc, item).is_break())
        };
        let decides = if R::ENDING == Ending::All { pieces.iter().position(ends) } else { None };
        for (number, piece) in pieces.iter().enumerate() {
            let goes_on = numbers.next().is_some_and(|number| number % 4 == 0);
            let mut acc = match accs.pop() {
                Some(before) if goes_on => before,
                before => {
                    accs.extend(before);
                    Guarded::of_piece(&self.reducer, number as u64)
                }
            };
            let stops = decides.is_some_and(|place| place != number);
            let piece = if stops { &piece[..numbers.next().unwrap_or(0) % (piece.len() + 1)] } else { piece };
            let had_ended = acc.reduced;
            let ended = piece.iter().any(|item| self.step(&mut acc, item).is_break());
            if ended && !had_ended && R::ENDING == Ending::Never {
                return Err("a step has ended the run, though `ENDING` is `Never`".into());
            }
            accs.push(acc);
        }
        while accs.len() > 1 {
            let place = numbers.next().unwrap_or(0) % (accs.len() - 1);
            let later = accs.remove(place + 1);
            let (has_ended, later_has_ended) = (accs[place].reduced, later.reduced);
            let flow = accs[place].combine(&self.reducer, later);
            if later_has_ended && flow.is_continue() {
                return Err("the later piece has ended, and `combine` does not return `Break`".into());
            }
            if flow.is_break() && !has_ended && !later_has_ended && R::ENDING == Ending::Never {
                return Err("`combine` has ended the run, though `ENDING` is `Never`".into());
            }
        }
        accs.pop().ok_or_else(|| "no pieces".into())
    }

    fn step(&self, acc: &mut Guarded<R::Acc>, item: &In) -> crate::kernel::Step {
        acc.feed(|acc| self.reducer.step(acc, item.clone()))
    }
}

/// The input cut at these places: one piece more than there are.
fn pieces<'a, In>(input: &'a [In], cuts: &[usize]) -> Vec<&'a [In]> {
    let ends = cuts.iter().copied().chain([input.len()]);
    let mut from = 0;
    ends.map(|to| &input[core::mem::replace(&mut from, to)..to]).collect()
}

impl<In, R: Combine<In> + fmt::Debug> fmt::Debug for CombineLaws<In, R> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("CombineLaws")
            .field("name", &self.name)
            .field("reducer", &self.reducer)
            .finish_non_exhaustive()
    }
}

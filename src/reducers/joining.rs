use alloc::string::String;
use core::{
    fmt::{Display, Write},
    ops::ControlFlow,
};

use crate::kernel::{Combine, Ending, Outline, Reducer, Step};

/// Gives a `String` of all items, with `separator` between them.
///
/// Empty input gives an empty `String`.
///
/// - **Memory**: the text.
/// - **Panics**: if an item's [`Display`] returns an error, as `to_string` does.
/// - **Like**: itertools `join`; Java `Collectors.joining`.
///
/// ```
/// use transducer::prelude::*;
///
/// assert_eq!(transduce(filtering(|x: &i32| x % 2 == 1), joining(", "), 1..=5), "1, 3, 5");
/// ```
#[doc(alias = "concat")]
pub fn joining<S: AsRef<str>>(separator: S) -> Joining<S> {
    Joining { separator }
}

/// The reducer of [`joining`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a reducer is a recipe: it does nothing until a driver runs it"]
pub struct Joining<S> {
    separator: S,
}

/// The accumulator of [`Joining`]: the text so far.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct JoiningAcc {
    text: Option<String>,
}

impl<In: Display, S: AsRef<str>> Reducer<In> for Joining<S> {
    type Acc = JoiningAcc;
    type Output = String;

    fn initial(&self) -> JoiningAcc {
        JoiningAcc { text: None }
    }

    /// - **Panics**: if the item's [`Display`] returns an error, as `to_string` does.
    fn step(&self, acc: &mut JoiningAcc, item: In) -> Step {
        let text = match &mut acc.text {
            Some(text) => {
                text.push_str(self.separator.as_ref());
                text
            }
            none => none.insert(String::new()),
        };
        write!(text, "{item}").expect("a `Display` implementation returned an error unexpectedly");
        ControlFlow::Continue(())
    }

    fn complete(&self, acc: JoiningAcc) -> String {
        acc.text.unwrap_or_default()
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("joining");
    }
}

impl<In: Display, S: AsRef<str>> Combine<In> for Joining<S> {
    const ENDING: Ending = Ending::Never;

    fn combine(&self, acc: &mut JoiningAcc, later: JoiningAcc) -> Step {
        match (&mut acc.text, later.text) {
            (Some(text), Some(later)) => {
                text.push_str(self.separator.as_ref());
                text.push_str(&later);
            }
            (text @ None, later) => *text = later,
            (Some(_), None) => {}
        }
        ControlFlow::Continue(())
    }
}

use alloc::string::String;
use core::{
    fmt::{Display, Write},
    ops::ControlFlow,
};

use crate::kernel::{Reducer, Step};

/// The items written one after the other, with `separator` between two of them. itertools' `join`.
///
/// ```
/// use transducer::{filtering, joining, transduce};
///
/// assert_eq!(transduce(filtering(|x: &i32| x % 2 == 1), joining(", "), 1..=5), "1, 3, 5");
/// ```
pub fn joining<S: AsRef<str>>(separator: S) -> Joining<S> {
    Joining { separator }
}

/// The reducer that [`joining`] makes.
#[derive(Clone, Copy, Debug)]
#[must_use = "a reducer is a recipe: it does nothing until a driver runs it"]
pub struct Joining<S> {
    separator: S,
}

/// The accumulator of [`Joining`]: the text so far, if there is an item in it.
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

    /// # Panics
    /// If the item's `Display` gives an error, as `to_string` does.
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
}

//! Push pipelines: what they answer, where their outputs go, and what may be pushed.

use std::{
    cell::RefCell,
    collections::VecDeque,
    error::Error,
    io::{self, BufRead, Cursor, Write},
    ops::ControlFlow,
    panic::{AssertUnwindSafe, catch_unwind},
    rc::Rc,
};

use transducer::{
    EventSink, Step,
    drivers::Answer,
    prelude::*,
    sinks::{BoxedSink, LocalBoxedSink},
};

#[test]
#[deny(unused_must_use)]
fn an_answer_may_be_ignored() {
    let mut run = reactive_transduce(taking(1), collection_sink(vec![]));
    run.send(1);
    run.send(2);
    assert_eq!(run.close(), [1]);
}

#[test]
fn an_answer_works_with_the_question_mark_in_a_function_that_returns_a_result() {
    fn sum(words: &[&str]) -> Result<u32, Box<dyn Error + Send + Sync>> {
        let mut run = reactive_transduce(compose((taking(2), mapping(|x: u32| x + 1))), collection_sink(vec![]));
        for word in words {
            run.send(word.parse()?).into_result()?;
        }
        Ok(run.close().iter().sum())
    }
    assert_eq!(sum(&["1"]).unwrap(), 2);
    assert!(sum(&["1", "?"]).unwrap_err().is::<std::num::ParseIntError>());
    assert_eq!(*sum(&["1", "2"]).unwrap_err().downcast::<Reduced>().unwrap(), Reduced);
    fn until_the_end(run: &mut impl FnMut(u8) -> Answer) -> Result<u8, Reduced> {
        (0..9).try_for_each(|x| run(x).into_result()).map(|()| 9)
    }
    let mut run = reactive_transduce(taking(3), null_sink());
    assert_eq!(until_the_end(&mut |x| run.send(x)), Err(Reduced));
}

#[test]
fn an_answer_works_with_the_question_mark_in_a_function_that_returns_a_step() {
    fn send_twice<S: EventSink<u8>>(
        run: &mut transducer::drivers::ReactiveTransduce<u8, transducer::stages::Taking, S>,
    ) -> Step {
        run.send(1).into_step()?;
        run.send(2).into_step()
    }
    let mut run = reactive_transduce(taking(4), collection_sink(vec![]));
    assert_eq!(send_twice(&mut run), ControlFlow::Continue(()));
    assert_eq!(send_twice(&mut run), ControlFlow::Break(Reduced));
    assert!(run.send(3).is_break() && !run.send(3).is_continue());
    assert_eq!(run.close(), [1, 2, 1, 2]);
}

#[test]
fn a_closure_that_sends_to_a_pipeline_is_a_sink_that_ends_with_it() {
    let mut inner = reactive_transduce(taking(2), collection_sink(vec![]));
    let mut numbers = 1..;
    iterable_source(numbers.by_ref(), |x| inner.send(x));
    assert_eq!((inner.close(), numbers.next()), (vec![1, 2], Some(3)));
}

#[test]
fn the_sink_is_at_hand_while_the_pipeline_runs_and_after_its_end() {
    let mut run = reactive_transduce(compose((taking(3), batching(2))), collection_sink(vec![]));
    for (item, seen) in [(1, vec![]), (2, vec![vec![1, 2]]), (3, vec![vec![1, 2], vec![3]])] {
        run.send(item);
        assert_eq!(*run.sink().get_ref(), seen);
    }
    run.sink_mut().get_mut().clear();
    assert!(run.send(4).is_break());
    assert_eq!(run.close(), Vec::<Vec<i32>>::new());
}

#[test]
fn the_sink_is_at_hand_after_a_panic() {
    let mut run = reactive_transduce(mapping(|x: u32| 6 / x), collection_sink(vec![]));
    run.send(2);
    assert!(catch_unwind(AssertUnwindSafe(|| run.send(0))).is_err());
    assert_eq!(*run.sink().get_ref(), [3]);
    run.sink_mut().get_mut().push(9);
    assert_eq!(run.close(), [3, 9]);
}

#[test]
fn a_borrowed_sink_stays_open_for_the_next_pipeline() {
    let mut all = reactive_transduce(batching(2), collection_sink(vec![]));
    iterable_source(1..=3, reactive_transduce(mapping(|x| x * 10), borrowed_sink(&mut all)));
    iterable_source(4..=9, reactive_transduce(taking(2), borrowed_sink(&mut all)));
    assert_eq!(all.close(), [vec![10, 20], vec![30, 4], vec![5]]);
}

#[test]
fn a_borrowed_sink_that_has_ended_takes_nothing_from_the_next_pipeline() {
    let mut two = reactive_transduce(taking(2), collection_sink(vec![]));
    let mut numbers = 1..;
    iterable_source(numbers.by_ref(), borrowed_sink(&mut two));
    assert_eq!(numbers.next(), Some(3));
    iterable_source(numbers.by_ref(), reactive_transduce(mapping(|x| x), borrowed_sink(&mut two)));
    assert_eq!(numbers.next(), Some(4));
    assert_eq!(two.close(), [1, 2]);
}

#[test]
fn a_borrowed_closure_is_a_sink() {
    let mut seen = vec![];
    let mut sink = |x: u8| seen.push(x);
    iterable_source([1, 2], &mut sink);
    iterable_source([3], reactive_transduce(repeating(2), &mut sink));
    assert_eq!(seen, [1, 2, 3, 3]);
}

#[test]
fn a_collection_may_be_lent_to_a_sink() {
    let mut numbers = vec![0];
    let lent: &mut Vec<u8> = iterable_source([1, 2], collection_sink(&mut numbers));
    lent.push(9);
    let mut run = reactive_transduce(mapping(|x: u8| x + 1), collection_sink(&mut numbers));
    run.send(2);
    drop(run);
    assert_eq!(numbers, [0, 1, 2, 9, 3]);

    fn fill<C: Extend<u8>>(mut collection: C) -> C {
        iterable_source([1], collection_sink(&mut collection));
        iterable_source([2], collection_sink(collection))
    }
    assert_eq!(fill(VecDeque::new()), [1, 2]);
}

#[test]
fn sinks_of_one_output_fit_in_one_box() {
    let place = |name: &str| -> BoxedSink<'static, u32, Option<String>> {
        struct Named<S>(S, String);
        impl<T, S: EventSink<T>> EventSink<T> for Named<S> {
            type Output = Option<String>;
            fn send(&mut self, item: T) -> Step {
                self.0.send(item)
            }
            fn is_reduced(&self) -> bool {
                self.0.is_reduced()
            }
            fn close(self) -> Option<String> {
                self.0.close();
                Some(self.1)
            }
        }
        match name {
            "none" => boxed_sink(Named(reactive_transduce(taking(0), null_sink()), name.into())),
            "two" => boxed_sink(Named(reactive_transduce(taking(2), null_sink()), name.into())),
            _ => boxed_sink(Named(|_| {}, name.into())),
        }
    };
    let taken = |name: &str| {
        let mut numbers = 1..=4;
        // On another thread, because a box may go there.
        let sink = place(name);
        let sink = std::thread::spawn(|| sink).join().unwrap();
        let output = iterable_source(numbers.by_ref(), sink);
        (output.unwrap(), numbers.count())
    };
    assert_eq!(taken("none"), ("none".into(), 4));
    assert_eq!(taken("two"), ("two".into(), 2));
    assert_eq!(taken("all"), ("all".into(), 0));
}

#[test]
fn a_local_box_takes_a_sink_that_stays_on_its_thread() {
    let log = Rc::new(RefCell::new(vec![]));
    let writer = Rc::clone(&log);
    let sinks: [LocalBoxedSink<u8, ()>; 2] =
        [boxed_local_sink(move |x| writer.borrow_mut().push(x)), boxed_local_sink(null_sink())];
    for sink in sinks {
        let mut run = reactive_transduce(repeating(2), sink);
        run.send(1);
        run.close();
    }
    assert_eq!(*log.borrow(), [1, 1]);
}

#[test]
fn text_is_pushed_from_a_reused_buffer() -> io::Result<()> {
    let mut input = Cursor::new("a 1\nb 2\nc\nd 4\ne 5\n");
    let has_two_words = |line: &&str| line.contains(' ');
    let show = |(number, line): (usize, &str)| format!("{number}: {}", line.trim_end());
    let xf = compose((filtering(has_two_words), enumerating(), mapping(show), batching(2), taking(2)));
    let mut run = reactive_transduce(&xf, collection_sink(vec![]));
    let mut line = String::new();
    while input.read_line(&mut line)? > 0 {
        if run.send_borrowed(&line).is_break() {
            break;
        }
        line.clear();
    }
    assert_eq!(run.close(), [["0: a 1", "1: b 2"], ["2: d 4", "3: e 5"]]);
    Ok(())
}

#[test]
fn what_is_pushed_from_a_buffer_may_be_a_record_or_bytes() {
    struct Record {
        fields: Vec<u32>,
    }
    let width = |record: &Record| record.fields.len();
    let mut run = reactive_transduce(mapping(width), collection_sink(vec![]));
    let mut record = Record { fields: vec![] };
    for field in 1..=3 {
        record.fields.push(field);
        run.send_borrowed(&record);
    }
    assert_eq!(run.close(), [1, 2, 3]);

    let add = |bytes: &[u8]| bytes.iter().map(|&x| u32::from(x)).sum::<u32>();
    let mut sum = reactive_transduce(mapping(add), |sum| assert_eq!(sum, 3));
    let buffer = vec![1, 2];
    sum.send_borrowed(&buffer);
    drop(buffer);
    sum.close();
}

#[test]
fn a_borrowed_item_is_sent_like_any_other() {
    let xf = || compose((mapping(str::len), taking(2), batching(2)));
    let mut owned = reactive_transduce(xf(), collection_sink(vec![]));
    let mut borrowed = reactive_transduce(xf(), collection_sink(vec![]));
    for word in ["a", "bc", "def"] {
        assert_eq!(owned.send(word), borrowed.send_borrowed(&String::from(word)));
    }
    // A panic poisons the run in either way.
    assert_eq!(owned.close(), borrowed.close());
    let parse = |text: &str| text.parse::<u8>().unwrap();
    let mut run = reactive_transduce(mapping(parse), collection_sink(vec![]));
    run.send_borrowed("1");
    assert!(catch_unwind(AssertUnwindSafe(|| run.send_borrowed("one"))).is_err());
    assert!(run.send_borrowed("2").is_break());
    assert_eq!(run.close(), [1]);
}

/// What a writer is asked to do.
#[derive(Debug, PartialEq)]
enum Asked {
    Write(String),
    Flush,
}

/// Writes down what it is asked to do, each run of writes as one.
#[derive(Clone, Default)]
struct Recorder {
    asked: Rc<RefCell<Vec<Asked>>>,
    refuses_to_flush: bool,
}

impl Recorder {
    fn take(&self) -> Vec<Asked> {
        self.asked.take()
    }
}

impl Write for Recorder {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = std::str::from_utf8(bytes).unwrap();
        let mut asked = self.asked.borrow_mut();
        match asked.last_mut() {
            Some(Asked::Write(before)) => before.push_str(text),
            _ => asked.push(Asked::Write(text.into())),
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.refuses_to_flush {
            return Err(io::Error::other("full"));
        }
        self.asked.borrow_mut().push(Asked::Flush);
        Ok(())
    }
}

fn write(text: &str) -> Asked {
    Asked::Write(text.into())
}

#[test]
fn printing_shows_its_newest_line_at_once() {
    let writer = Recorder::default();
    let mut run = reactive_transduce(taking(3), printing(writer.clone()));
    run.send(1);
    assert_eq!(writer.take(), [write("1"), Asked::Flush]);
    run.send(2);
    assert_eq!(writer.take(), [write("\n2"), Asked::Flush]);
    run.close().ok().unwrap();
    assert_eq!(writer.take(), [write("\n"), Asked::Flush]);
}

#[test]
fn printing_puts_a_separator_before_the_next_item() {
    let writer = Recorder::default();
    let mut sink = printing(writer.clone()).separator(", ").terminator(".\n");
    for (item, shown) in [(1, "1"), (2, ", 2"), (3, ", 3")] {
        assert!(sink.send(item).is_continue());
        assert_eq!(writer.take(), [write(shown), Asked::Flush]);
    }
    EventSink::<u32>::close(sink).ok().unwrap();
    assert_eq!(writer.take(), [write(".\n"), Asked::Flush]);
}

#[test]
fn printing_of_nothing_writes_the_terminator() {
    for sink in [printing(vec![]), printing(vec![]).separator(", ")] {
        assert_eq!(iterable_source([0; 0], sink).unwrap(), b"\n");
    }
}

#[test]
fn buffered_printing_flushes_on_closing_only() {
    let writer = Recorder::default();
    iterable_source(1..=3, printing(writer.clone()).buffered()).ok().unwrap();
    assert_eq!(writer.take(), [write("1\n2\n3\n"), Asked::Flush]);
}

#[test]
fn printing_ends_at_an_error_of_a_flush_too_and_stays_ended() {
    let writer = Recorder { refuses_to_flush: true, ..Recorder::default() };
    let mut sink = printing(writer.clone());
    assert!(sink.send(1).is_break());
    let mut numbers = 2..;
    iterable_source(numbers.by_ref(), borrowed_sink(&mut sink));
    assert_eq!(numbers.next(), Some(2));
    assert_eq!(EventSink::<u32>::close(sink).err().unwrap().to_string(), "full");
    assert_eq!(writer.take(), [write("1")]);
}

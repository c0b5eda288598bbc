//! Two programs that people write by hand, beside the pipelines that replace them: prices gathered into bars as they come in, and
//! records of several lines. How many lines each takes is counted here, in this file.

use transducer::*;

/// A trade: when, in seconds, at which price, and how much.
#[derive(Clone, Copy, Debug)]
struct Trade {
    symbol: &'static str,
    time: u64,
    price: u32,
    size: u64,
}

/// First, highest, lowest and last price, and the volume.
type Bar = ((Option<u32>, Option<u32>, Option<u32>, Option<u32>), u64);

/// A bar of a symbol and a minute.
type Output = (&'static str, (u64, Bar));

// begin: bars, a pipeline
fn bars() -> impl Transducer<Trade, Out = Output> {
    let prices = mapping(|trade: Trade| trade.price).apply((first_of(), maximum(), minimum(), last_of()));
    let volume = mapping(|trade: Trade| trade.size).apply(summing::<u64>());
    let bar = reducing((prices, volume));
    by_key(|trade: &Trade| trade.symbol, by_run(|trade: &Trade| trade.time / 60, bar))
}
// end

// begin: bars, by hand
#[derive(Default)]
struct Bars {
    open: Vec<(&'static str, Option<(u64, Bar)>)>,
}

impl Bars {
    fn trade(&mut self, trade: Trade, mut emit: impl FnMut(Output)) {
        let minute = trade.time / 60;
        let place = self.open.iter().position(|(symbol, _)| *symbol == trade.symbol).unwrap_or_else(|| {
            self.open.push((trade.symbol, None));
            self.open.len() - 1
        });
        let bar = &mut self.open[place].1;
        if let Some(over) = bar.take_if(|(other, _)| *other != minute) {
            emit((trade.symbol, over));
        }
        let price = Some(trade.price);
        let ((_, high, low, last), volume) = &mut bar.get_or_insert((minute, ((price, price, price, price), 0))).1;
        *high = price.max(*high);
        *low = price.min(*low);
        *last = price;
        *volume += trade.size;
    }

    fn end(self, mut emit: impl FnMut(Output)) {
        for (symbol, bar) in self.open {
            if let Some(bar) = bar {
                emit((symbol, bar));
            }
        }
    }
}
// end

fn trades() -> Vec<Trade> {
    let symbols = ["AB", "CD", "EF"];
    let trade = |n: u64| Trade {
        symbol: symbols[(n * n % 7 % 3) as usize],
        time: n * 7,
        price: 100 + (n * 31 % 17) as u32,
        size: n % 5,
    };
    (0..200).map(trade).collect()
}

#[test]
fn bars_are_pushed_as_their_minutes_end() {
    let mut by_hand = vec![];
    let mut plain = Bars::default();
    let mut run = reactive_transduce(bars(), collection_sink(vec![]));
    for trade in trades() {
        plain.trade(trade, |bar| by_hand.push(bar));
        run.send(trade);
    }
    plain.end(|bar| by_hand.push(bar));
    let pushed = run.close();
    assert_eq!(pushed, by_hand);
    assert!(pushed.len() > 50);
    // The same pipeline, pulled.
    assert_eq!(trades().into_iter().transduce(bars()).collect::<Vec<_>>(), by_hand);
}

#[test]
fn a_bar_is_emitted_with_the_first_trade_of_another_minute() {
    let trade = |time, price| Trade { symbol: "AB", time, price, size: 1 };
    let mut run = reactive_transduce(bars(), collection_sink(vec![]));
    for trade in [trade(1, 5), trade(59, 3), trade(60, 9)] {
        run.send(trade);
    }
    let (_, seen) = run.suspend();
    assert_eq!(*seen.get_ref(), [("AB", (0, ((Some(5), Some(5), Some(3), Some(3)), 2)))]);
}

/// An error of a log, and how deep its trace is.
type Error = (String, usize);

// begin: records, a pipeline
fn errors<'a>() -> impl Transducer<&'a str, Out = Error> {
    pipeline::<&str>()
        .chunk_before(|line| !line.starts_with(' '))
        .filter(|record| record[0].starts_with("ERROR "))
        .map(|record| (record[0][6..].to_owned(), record.len() - 1))
}
// end

// begin: records, by hand
fn errors_by_hand<'a>(lines: impl IntoIterator<Item = &'a str>) -> Vec<Error> {
    let mut errors = vec![];
    let mut record: Vec<&str> = vec![];
    let mut finish = |record: &[&str]| {
        if let [first, trace @ ..] = record
            && let Some(message) = first.strip_prefix("ERROR ")
        {
            errors.push((message.to_owned(), trace.len()));
        }
    };
    for line in lines {
        if !line.starts_with(' ') && !record.is_empty() {
            finish(&record);
            record.clear();
        }
        record.push(line);
    }
    finish(&record);
    errors
}
// end

const LOG: &str = "\
   of a record before
INFO up
ERROR no disk
   at write
   at flush
INFO retried
ERROR no network
ERROR gave up
   at main";

#[test]
fn records_of_several_lines_are_one_item_each() {
    let expected = [("no disk".into(), 2), ("no network".into(), 0), ("gave up".into(), 1)];
    assert_eq!(LOG.lines().transduce(errors()).collect::<Vec<_>>(), expected);
    assert_eq!(errors_by_hand(LOG.lines()), expected);
    // Every beginning of it, so that each kind of line comes last once.
    for count in 0..LOG.lines().count() {
        let lines = || LOG.lines().take(count);
        assert_eq!(lines().transduce(errors()).collect::<Vec<_>>(), errors_by_hand(lines()), "{count} lines");
    }
}

/// How many lines of this file are between `// begin: name` and `// end`, without empty ones.
fn lines_of(name: &str) -> usize {
    let begin = format!("// begin: {name}");
    let part = include_str!("records_and_bars.rs").lines().skip_while(|line| *line != begin).skip(1);
    part.take_while(|line| *line != "// end").filter(|line| !line.is_empty()).count()
}

#[test]
fn the_pipelines_take_fewer_lines() {
    let counts = ["bars, a pipeline", "bars, by hand", "records, a pipeline", "records, by hand"].map(lines_of);
    assert_eq!(counts, [6, 30, 6, 20]);
}

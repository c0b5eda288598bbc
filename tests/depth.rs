//! 64 stages compile at the default recursion limit, which a chain of as many iterator adaptors may not.

#![allow(clippy::identity_op)] // stages are numbered from 0

use transducer::*;

/// What four of the stages below do, so that what comes out can be told without them.
fn by_hand(x: u64) -> Option<u64> {
    (0..64).try_fold(x, |x, n| match n % 4 {
        0 => Some(x ^ n),
        1 => Some(x).filter(|x| x % (n + 2) != 1),
        2 => Some(x + n),
        _ => x.checked_sub(n),
    })
}

fn input() -> impl Iterator<Item = u64> {
    (0..500).map(|x| x * 7_919)
}

#[rustfmt::skip]
fn fluent() -> impl Transducer<u64, Out = u64> {
    pipeline::<u64>()
        .map(|x| x ^ 0)
        .filter(|x| x % 3 != 1)
        .map(|x| x + 2)
        .filter_map(|x| x.checked_sub(3))
        .map(|x| x ^ 4)
        .filter(|x| x % 7 != 1)
        .map(|x| x + 6)
        .filter_map(|x| x.checked_sub(7))
        .map(|x| x ^ 8)
        .filter(|x| x % 11 != 1)
        .map(|x| x + 10)
        .filter_map(|x| x.checked_sub(11))
        .map(|x| x ^ 12)
        .filter(|x| x % 15 != 1)
        .map(|x| x + 14)
        .filter_map(|x| x.checked_sub(15))
        .map(|x| x ^ 16)
        .filter(|x| x % 19 != 1)
        .map(|x| x + 18)
        .filter_map(|x| x.checked_sub(19))
        .map(|x| x ^ 20)
        .filter(|x| x % 23 != 1)
        .map(|x| x + 22)
        .filter_map(|x| x.checked_sub(23))
        .map(|x| x ^ 24)
        .filter(|x| x % 27 != 1)
        .map(|x| x + 26)
        .filter_map(|x| x.checked_sub(27))
        .map(|x| x ^ 28)
        .filter(|x| x % 31 != 1)
        .map(|x| x + 30)
        .filter_map(|x| x.checked_sub(31))
        .map(|x| x ^ 32)
        .filter(|x| x % 35 != 1)
        .map(|x| x + 34)
        .filter_map(|x| x.checked_sub(35))
        .map(|x| x ^ 36)
        .filter(|x| x % 39 != 1)
        .map(|x| x + 38)
        .filter_map(|x| x.checked_sub(39))
        .map(|x| x ^ 40)
        .filter(|x| x % 43 != 1)
        .map(|x| x + 42)
        .filter_map(|x| x.checked_sub(43))
        .map(|x| x ^ 44)
        .filter(|x| x % 47 != 1)
        .map(|x| x + 46)
        .filter_map(|x| x.checked_sub(47))
        .map(|x| x ^ 48)
        .filter(|x| x % 51 != 1)
        .map(|x| x + 50)
        .filter_map(|x| x.checked_sub(51))
        .map(|x| x ^ 52)
        .filter(|x| x % 55 != 1)
        .map(|x| x + 54)
        .filter_map(|x| x.checked_sub(55))
        .map(|x| x ^ 56)
        .filter(|x| x % 59 != 1)
        .map(|x| x + 58)
        .filter_map(|x| x.checked_sub(59))
        .map(|x| x ^ 60)
        .filter(|x| x % 63 != 1)
        .map(|x| x + 62)
        .filter_map(|x| x.checked_sub(63))
}

#[rustfmt::skip]
fn composed() -> impl Transducer<u64, Out = u64> {
    compose((
        compose((
            mapping(|x: u64| x ^ 0),
            filtering(|x: &u64| x % 3 != 1),
            mapping(|x: u64| x + 2),
            filter_mapping(|x: u64| x.checked_sub(3)),
            mapping(|x: u64| x ^ 4),
            filtering(|x: &u64| x % 7 != 1),
            mapping(|x: u64| x + 6),
            filter_mapping(|x: u64| x.checked_sub(7)),
        )),
        compose((
            mapping(|x: u64| x ^ 8),
            filtering(|x: &u64| x % 11 != 1),
            mapping(|x: u64| x + 10),
            filter_mapping(|x: u64| x.checked_sub(11)),
            mapping(|x: u64| x ^ 12),
            filtering(|x: &u64| x % 15 != 1),
            mapping(|x: u64| x + 14),
            filter_mapping(|x: u64| x.checked_sub(15)),
        )),
        compose((
            mapping(|x: u64| x ^ 16),
            filtering(|x: &u64| x % 19 != 1),
            mapping(|x: u64| x + 18),
            filter_mapping(|x: u64| x.checked_sub(19)),
            mapping(|x: u64| x ^ 20),
            filtering(|x: &u64| x % 23 != 1),
            mapping(|x: u64| x + 22),
            filter_mapping(|x: u64| x.checked_sub(23)),
        )),
        compose((
            mapping(|x: u64| x ^ 24),
            filtering(|x: &u64| x % 27 != 1),
            mapping(|x: u64| x + 26),
            filter_mapping(|x: u64| x.checked_sub(27)),
            mapping(|x: u64| x ^ 28),
            filtering(|x: &u64| x % 31 != 1),
            mapping(|x: u64| x + 30),
            filter_mapping(|x: u64| x.checked_sub(31)),
        )),
        compose((
            mapping(|x: u64| x ^ 32),
            filtering(|x: &u64| x % 35 != 1),
            mapping(|x: u64| x + 34),
            filter_mapping(|x: u64| x.checked_sub(35)),
            mapping(|x: u64| x ^ 36),
            filtering(|x: &u64| x % 39 != 1),
            mapping(|x: u64| x + 38),
            filter_mapping(|x: u64| x.checked_sub(39)),
        )),
        compose((
            mapping(|x: u64| x ^ 40),
            filtering(|x: &u64| x % 43 != 1),
            mapping(|x: u64| x + 42),
            filter_mapping(|x: u64| x.checked_sub(43)),
            mapping(|x: u64| x ^ 44),
            filtering(|x: &u64| x % 47 != 1),
            mapping(|x: u64| x + 46),
            filter_mapping(|x: u64| x.checked_sub(47)),
        )),
        compose((
            mapping(|x: u64| x ^ 48),
            filtering(|x: &u64| x % 51 != 1),
            mapping(|x: u64| x + 50),
            filter_mapping(|x: u64| x.checked_sub(51)),
            mapping(|x: u64| x ^ 52),
            filtering(|x: &u64| x % 55 != 1),
            mapping(|x: u64| x + 54),
            filter_mapping(|x: u64| x.checked_sub(55)),
        )),
        compose((
            mapping(|x: u64| x ^ 56),
            filtering(|x: &u64| x % 59 != 1),
            mapping(|x: u64| x + 58),
            filter_mapping(|x: u64| x.checked_sub(59)),
            mapping(|x: u64| x ^ 60),
            filtering(|x: &u64| x % 63 != 1),
            mapping(|x: u64| x + 62),
            filter_mapping(|x: u64| x.checked_sub(63)),
        )),
    ))
}

fn check(xf: impl Transducer<u64, Out = u64>) {
    let expected: Vec<u64> = input().filter_map(by_hand).collect();
    assert!(!expected.is_empty() && expected.len() < 500, "{} outputs tell too little", expected.len());
    assert_eq!(transduce(&xf, appending(), input()), expected);
    assert_eq!(input().transduce(&xf).collect::<Vec<_>>(), expected);
    let mut push = reactive_transduce(&xf, collection_sink(Vec::new()));
    for item in input() {
        push.send(item);
    }
    assert_eq!(push.close(), expected);
}

#[test]
fn sixty_four_fluent_stages() {
    check(fluent());
}

#[test]
fn sixty_four_composed_stages() {
    check(composed());
}

//! The deadlines of many keyed runs, the first of them at hand.

use core::{cmp::Ordering, mem};
use std::collections::{BinaryHeap, HashSet};

use crate::kernel::Time;

/// A lazy heap: a run has an entry for its deadline, or for an earlier one from which it has since moved on. The entry
/// at the head is exact.
#[derive(Clone, Debug)]
pub(super) struct Deadlines<K> {
    heap: BinaryHeap<Entry<K>>,
}

#[derive(Clone, Debug)]
struct Entry<K> {
    at: Time,
    /// Which run of the key: how many had begun before it.
    begun: u64,
    key: K,
}

impl<K> Deadlines<K> {
    pub(super) fn new() -> Self {
        Self { heap: BinaryHeap::new() }
    }
}

impl<K: Clone> Deadlines<K> {
    /// Notes a run's deadline: its first, or one that is earlier than before.
    pub(super) fn note(&mut self, at: Time, begun: u64, key: &K) {
        self.heap.push(Entry { at, begun, key: key.clone() });
    }

    /// Whether there is something to settle, now that the run of this number has gone on. There are `runs` of them. If the
    /// head is of another one, it is as exact as it was.
    #[inline]
    pub(super) fn is_unsettled(&self, begun: u64, runs: usize) -> bool {
        self.heap.peek().is_some_and(|head| head.begun == begun) || self.is_crowded(runs)
    }

    /// Whether many entries must be old: a run that had no deadline for a while has two, the old one of which tells nothing.
    #[inline]
    fn is_crowded(&self, runs: usize) -> bool {
        self.heap.len() > 2 * runs + 32
    }

    /// Makes the head exact. `deadline_of` says when a run is due, if it is still there; there are `runs` of them.
    pub(super) fn settle(&mut self, runs: usize, deadline_of: impl Fn(&K, u64) -> Option<Time>) {
        while let Some(head) = self.heap.peek() {
            match deadline_of(&head.key, head.begun) {
                Some(deadline) if deadline == head.at => break,
                // It came too early.
                Some(deadline) => {
                    if let Some(mut head) = self.heap.peek_mut() {
                        head.at = deadline;
                    }
                }
                None => {
                    self.heap.pop();
                }
            }
        }
        if self.is_crowded(runs) {
            let mut seen = HashSet::new();
            let current = mem::take(&mut self.heap).into_iter().filter_map(|entry| {
                let at = deadline_of(&entry.key, entry.begun)?;
                seen.insert(entry.begun).then_some(Entry { at, ..entry })
            });
            self.heap = current.collect();
        }
    }

    /// The first deadline.
    pub(super) fn first(&self) -> Option<Time> {
        self.heap.peek().map(|head| head.at)
    }

    /// The key whose run is due first, if it is by `now`.
    pub(super) fn due(&self, now: Time) -> Option<&K> {
        self.heap.peek().filter(|head| head.at <= now).map(|head| &head.key)
    }
}

// The earliest is the greatest, so that it is the head; of equal ones, the first to have begun.
impl<K> Ord for Entry<K> {
    fn cmp(&self, other: &Self) -> Ordering {
        (other.at, other.begun).cmp(&(self.at, self.begun))
    }
}

impl<K> PartialOrd for Entry<K> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<K> PartialEq for Entry<K> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl<K> Eq for Entry<K> {}

//! In which order the places of a map were last used.

use alloc::vec::Vec;

/// A ring through the places of an `IndexMap`, from the least recently used to the most recently used. It moves a place
/// to the end, and removes one as `swap_remove_index` does, in constant time.
#[derive(Clone, Debug, Default)]
pub(super) struct Recency {
    /// The first is neither: it closes the ring. The others are those of the places, in their order.
    links: Vec<Link>,
}

#[derive(Clone, Copy, Debug)]
struct Link {
    before: usize,
    after: usize,
}

impl Recency {
    pub(super) const fn new() -> Self {
        Self { links: Vec::new() }
    }

    /// Notes that a place has been used: one of those known, or the next.
    #[inline]
    pub(super) fn touch(&mut self, place: usize) {
        if self.links.is_empty() {
            self.links.push(Link { before: 0, after: 0 });
        }
        let link = place + 1;
        if link < self.links.len() {
            self.unlink(link);
        } else {
            self.links.push(Link { before: 0, after: 0 });
        }
        let newest = self.links[0].before;
        self.links[link] = Link { before: newest, after: 0 };
        self.links[newest].after = link;
        self.links[0].before = link;
    }

    /// Notes the places that it doesn't know yet, of `count` in all, as used one after the other.
    pub(super) fn know(&mut self, count: usize) {
        for place in self.links.len().saturating_sub(1)..count {
            self.touch(place);
        }
    }

    /// Forgets a place; the last takes its number.
    pub(super) fn swap_remove(&mut self, place: usize) {
        let link = place + 1;
        if link >= self.links.len() {
            return;
        }
        self.unlink(link);
        let last = self.links.len() - 1;
        if link != last {
            let moved = self.links[last];
            self.links[link] = moved;
            self.links[moved.before].after = link;
            self.links[moved.after].before = link;
        }
        self.links.pop();
    }

    /// The place that was least recently used.
    #[inline]
    pub(super) fn oldest(&self) -> Option<usize> {
        self.links.first()?.after.checked_sub(1)
    }

    /// The places, the least recently used first.
    #[cfg(feature = "serde")]
    pub(super) fn order(&self) -> impl Iterator<Item = usize> + '_ {
        core::iter::successors(self.oldest(), |place| self.links[place + 1].after.checked_sub(1))
    }

    fn unlink(&mut self, link: usize) {
        let Link { before, after } = self.links[link];
        self.links[before].after = after;
        self.links[after].before = before;
    }
}

//! Input that branches as badly as real data do.

/// What workloads read. The same at every run.
pub struct Input {
    /// Up to 999, in no order; every fourth or so is as the one before.
    pub numbers: Vec<u64>,
    /// Words of 1 to 8 letters.
    pub strings: Vec<String>,
    /// Lists of 0 to 7 numbers, as many in all as `numbers`.
    pub lists: Vec<Vec<u64>>,
}

impl Input {
    /// Input of `items` items.
    pub fn new(items: usize) -> Self {
        let mut random = fastrand::Rng::with_seed(20);
        let mut number = 0;
        let mut numbers = Vec::with_capacity(items);
        for _ in 0..items {
            if random.u8(..) >= 64 {
                number = random.u64(..1_000);
            }
            numbers.push(number);
        }
        // Strings are large: of the very long inputs there are fewer.
        let words = items.min(100_000);
        let strings = (0..words).map(|_| (0..random.usize(1..9)).map(|_| random.lowercase()).collect()).collect();
        let mut lists = vec![];
        let mut rest = &numbers[..words];
        while !rest.is_empty() {
            let (list, others) = rest.split_at(random.usize(..8).min(rest.len()));
            lists.push(list.to_vec());
            rest = others;
        }
        Self { numbers, strings, lists }
    }

    /// The numbers in two halves, to be chained again.
    pub fn halves(&self) -> (&[u64], &[u64]) {
        self.numbers.split_at(self.numbers.len() / 2)
    }
}

//! Random numbers that a failed test can be given again.

/// A generator (SplitMix64) with its seed, which belongs into the message of every failure.
#[derive(Debug, Clone)]
pub struct Random {
    pub seed: u64,
    state: u64,
}

impl Random {
    /// From `ATLAS_TEST_SEED`, else this seed.
    pub fn seeded(otherwise: u64) -> Random {
        let given = std::env::var("ATLAS_TEST_SEED").ok();
        let seed = given.map_or(otherwise, |seed| seed.parse().expect("ATLAS_TEST_SEED should be a number"));
        Random { seed, state: seed }
    }

    pub fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below this one.
    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    /// True so many times of a hundred.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }

    pub fn maybe<T: Clone>(&mut self, from: &[T]) -> Option<T> {
        if from.is_empty() { None } else { Some(self.pick(from)) }
    }
}

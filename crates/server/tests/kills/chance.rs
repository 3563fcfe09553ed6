//! The moment of a kill: another one in each run, told when a round fails.

use std::hash::{BuildHasher, RandomState};

/// Numbers that follow from a seed.
#[derive(Debug)]
pub struct Chance {
    state: u64,
}

impl Chance {
    pub fn new() -> Self {
        Self { state: RandomState::new().hash_one("kills") | 1 }
    }

    /// Below `bound`, each as likely as the others.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        self.state % bound
    }

    /// Lets others go on for a while that nobody can foretell: the kill may come before, in or after the next commit.
    pub async fn linger(&mut self) {
        for _ in 0..self.below(4_000) {
            tokio::task::yield_now().await;
        }
    }
}

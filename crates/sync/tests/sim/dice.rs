//! Chance from a seed: a small generator of our own (xorshift64*), so that a seed stays the same day when crates change.

/// One seed's chances.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// Seeds next to each other must not begin alike.
    pub fn new(seed: u64) -> Self {
        let mut dice = Self((seed ^ 0x9E37_79B9_7F4A_7C15).wrapping_mul(0xBF58_476D_1CE4_E5B9) | 1);
        for _ in 0..4 {
            dice.roll(2);
        }
        dice
    }

    /// From 0 to `sides` - 1.
    pub fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % sides
    }

    /// A place in something that has `length` of them.
    pub fn index(&mut self, length: usize) -> usize {
        self.roll(length as u64) as usize
    }

    /// True in so many of a thousand rolls.
    pub fn chance(&mut self, per_mille: u64) -> bool {
        self.roll(1_000) < per_mille
    }

    /// How often something is to happen on a day: on one of three not at all, so that each rule is also tried without
    /// the other troubles.
    pub fn often(&mut self, most: u64) -> u64 {
        if self.roll(3) == 0 { 0 } else { 1 + self.roll(most) }
    }
}

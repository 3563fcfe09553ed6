//! Whole numbers out of fractions: how many orders of a set does a warehouse ship, at most this many or one more?
//!
//! Once that is a whole number for every set that shares stock, the rest is a transportation problem and whole by
//! itself. So the search branches on these few numbers only, towards the nearer one first, and looks no further where
//! the program's value cannot beat the best plan known. If it comes to an end, the best plan known is the best there
//! is. Leaves out better bounds on the way. At most [`VISITS`] programs.

use super::program::{Mended, Program};

/// Programs looked at. The first plan of the search takes one per fraction, a hundred or so.
const VISITS: usize = 400;
/// Numbers written into inverses in one search: some tenths of a second.
const NUMBERS: usize = 200_000_000;
/// Nearer to a whole number than this is whole.
const WHOLE: f64 = 1e-5;

/// Variables of the program that add up to a number that must be whole.
pub(super) type Sum = Vec<usize>;

/// Searches below an answered program. `offer` is shown levels and gives the value of the best plan known, in the
/// program's costs. True if no better plan is left.
pub(super) fn branch(program: Program, sums: &[Sum], mut offer: impl FnMut(&[f64]) -> f64) -> bool {
    let mut best = offer(&program.levels());
    let mut open = vec![program];
    let (mut written, mut complete) = (0, true);
    for _ in 0..VISITS {
        let Some(program) = open.pop() else { return complete };
        // All costs are whole, so what is less than one below the best is no better.
        if program.value() > best - 1.0 + WHOLE * 10.0 {
            continue;
        }
        let levels = program.levels();
        let sum_of = |sum: &Sum| sum.iter().map(|&at| levels[at]).sum::<f64>();
        let fraction = |sum: &Sum| (sum_of(sum) - sum_of(sum).round()).abs();
        let fractional = (0..sums.len()).filter(|&at| fraction(&sums[at]) > WHOLE);
        let nearest =
            fractional.min_by(|&one, &other| fraction(&sums[one]).total_cmp(&fraction(&sums[other])));
        let Some(at) = nearest else {
            best = best.min(offer(&levels));
            continue;
        };
        let value = sum_of(&sums[at]);
        if written > NUMBERS {
            return false;
        }
        let before = program.written();
        let (mut below, mut above) = (program.clone(), program);
        let mended =
            [below.restrict(&sums[at], 1.0, value.floor()), above.restrict(&sums[at], -1.0, -value.ceil())];
        complete &= !mended.contains(&Mended::OutOfSteps);
        written += below.written() + above.written() - 2 * before;
        let mut halves: Vec<(Program, Mended)> = [below, above].into_iter().zip(mended).collect();
        if value.round() < value {
            halves.reverse();
        }
        let answered = halves.into_iter().filter(|(_, mended)| *mended == Mended::Kept);
        open.extend(answered.map(|(program, _)| program));
    }
    complete && open.is_empty()
}

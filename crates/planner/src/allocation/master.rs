//! A small linear program that grows by columns: the best mixture of whole plans that keeps the shared limits.
//!
//! minimise Σ cost·θ, subject to Σ usage·θ <= 1 for every limit (usage as a share of the limit), Σ θ = 1, θ >= 0. A
//! dense tableau, one row a limit. Floats are good enough: its prices only guide, and what they are worth is counted
//! again in whole numbers. Leaves out columns that were never useful again; they are few.

/// Below this a number is noise.
const NOISE: f64 = 1e-9;
/// Enough for tables of this size; a mixture that is not the best yet is a mixture all the same.
const PIVOTS: usize = 5_000;

/// The tableau in its present basis. Columns: a slack per limit, the unit column of the mixture row, then plans.
#[derive(Clone, Debug)]
pub(super) struct Master {
    /// One row per limit, the mixture row, and last the reduced costs; the right side is the first number.
    rows: Vec<Vec<f64>>,
    /// The column that each row stands for.
    basis: Vec<usize>,
    limits: usize,
}

impl Master {
    /// Starts with one plan that keeps every limit.
    pub(super) fn new(cost: f64, usage: &[f64]) -> Self {
        let limits = usage.len();
        let identity = |row: usize| {
            let mut numbers = vec![0.0; limits + 2];
            numbers[0] = 1.0;
            numbers[row + 1] = 1.0;
            numbers
        };
        let mut rows: Vec<Vec<f64>> = (0..=limits).map(identity).collect();
        rows.push(vec![0.0; limits + 2]);
        let mut master = Self { rows, basis: (1..limits + 2).collect(), limits };
        master.add(cost, usage);
        master.pivot(limits, limits + 2);
        master
    }

    /// Adds a plan.
    pub(super) fn add(&mut self, cost: f64, usage: &[f64]) {
        let last = self.rows.len() - 1;
        for (at, row) in self.rows.iter_mut().enumerate() {
            let slacks = row[1..=self.limits].iter().zip(usage);
            let number: f64 = slacks.map(|(slack, usage)| slack * usage).sum::<f64>() + row[self.limits + 1];
            row.push(if at == last { number + cost } else { number });
        }
    }

    /// Finds the best mixture of the plans known so far.
    pub(super) fn improve(&mut self) {
        for _ in 0..PIVOTS {
            let reduced = &self.rows[self.limits + 1];
            let columns = (1..reduced.len()).filter(|&column| column != self.limits + 1);
            let Some(entering) = columns.min_by(|&one, &other| reduced[one].total_cmp(&reduced[other])) else {
                return;
            };
            if reduced[entering] > -NOISE {
                return;
            }
            let ratio = |&row: &usize| self.rows[row][0] / self.rows[row][entering];
            let rows = (0..=self.limits).filter(|&row| self.rows[row][entering] > NOISE);
            let Some(leaving) = rows.min_by(|one, other| {
                ratio(one).total_cmp(&ratio(other)).then(self.basis[*one].cmp(&self.basis[*other]))
            }) else {
                return;
            };
            self.pivot(leaving, entering);
        }
    }

    /// What using all of a limit once more is worth, by limit; never negative.
    pub(super) fn prices(&self) -> Vec<f64> {
        self.rows[self.limits + 1][1..=self.limits].iter().map(|price| price.max(0.0)).collect()
    }

    /// The share of each plan in the best mixture, in the sequence in which the plans were added.
    pub(super) fn mixture(&self) -> Vec<f64> {
        let first = self.limits + 2;
        let mut mixture = vec![0.0; self.rows[0].len() - first];
        for (row, &column) in self.basis.iter().enumerate().filter(|(_, column)| **column >= first) {
            mixture[column - first] = self.rows[row][0].max(0.0);
        }
        mixture
    }

    fn pivot(&mut self, leaving: usize, entering: usize) {
        let by = self.rows[leaving][entering];
        self.rows[leaving].iter_mut().for_each(|number| *number /= by);
        let pivot_row = std::mem::take(&mut self.rows[leaving]);
        for row in self.rows.iter_mut().filter(|row| !row.is_empty()) {
            let times = row[entering];
            if times != 0.0 {
                row.iter_mut().zip(&pivot_row).for_each(|(number, pivot)| *number -= times * pivot);
            }
        }
        self.rows[leaving] = pivot_row;
        self.basis[leaving] = entering;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_mixture_uses_a_limit_up_and_prices_it() {
        let mut master = Master::new(10.0, &[0.0]);
        master.add(2.0, &[2.0]);
        master.improve();
        assert_eq!(master.mixture(), [0.5, 0.5]);
        assert_eq!(master.prices(), [4.0]);
        master.add(3.0, &[1.0]);
        master.improve();
        assert_eq!(master.mixture(), [0.0, 0.0, 1.0]);
    }
}

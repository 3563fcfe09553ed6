//! A linear program: minimise cost·x subject to rows·x <= limits, x >= 0. Revised simplex with a dense inverse.
//!
//! All limits are at least zero but that of the last row, which is not looked at before [`Program::demand`]. Floats are
//! good enough: the answer only guides, and what its prices are worth is counted again in whole numbers. Pivots are
//! bounded; an answer cut short is a feasible one. Leaves out bounds on single variables. O(rows²) a pivot at most.

/// Below this a number is noise.
const NOISE: f64 = 1e-9;
/// Below this a saving is noise.
const NO_SAVING: f64 = 1e-7;
/// Pivots without gain after which the first saving is taken instead of the largest, which cannot cycle.
const STALLED: usize = 64;

/// The rows a variable stands in, and how often.
pub(super) type Column = Vec<(usize, f64)>;

/// The program in its present basis; slack `i` is variable `i`, the others follow.
#[derive(Clone, Debug)]
pub(super) struct Program {
    columns: Vec<Column>,
    inverse: Vec<Vec<f64>>,
    basis: Vec<usize>,
    level: Vec<f64>,
    basic: Vec<bool>,
    prices: Vec<f64>,
    demanded: bool,
}

impl Program {
    /// Starts with every variable at zero.
    pub(super) fn new(limits: Vec<f64>, columns: Vec<Column>) -> Self {
        let rows = limits.len();
        let unit = |row: usize| (0..rows).map(|at| if at == row { 1.0 } else { 0.0 }).collect();
        let mut all: Vec<Column> = (0..rows).map(|row| vec![(row, 1.0)]).collect();
        all.extend(columns);
        Self {
            basic: (0..all.len()).map(|variable| variable < rows).collect(),
            columns: all,
            inverse: (0..rows).map(unit).collect(),
            basis: (0..rows).collect(),
            level: limits,
            prices: vec![0.0; rows],
            demanded: false,
        }
    }

    /// Sets the limit of the last row, and keeps it from now on. The present levels must already keep it.
    pub(super) fn demand(&mut self, limit: f64, before: f64) {
        if let Some(level) = self.level.last_mut() {
            *level += limit - before;
        }
        self.demanded = true;
    }

    /// The level of a variable.
    pub(super) fn levels(&self) -> Vec<f64> {
        let rows = self.basis.len();
        let mut levels = vec![0.0; self.columns.len() - rows];
        for (&variable, level) in self.basis.iter().zip(&self.level).filter(|(variable, _)| **variable >= rows) {
            levels[variable - rows] = level.max(0.0);
        }
        levels
    }

    /// What one more of each limit would save under the costs last minimised; never negative.
    pub(super) fn prices(&self) -> Vec<f64> {
        self.prices.iter().map(|price| (-price).max(0.0)).collect()
    }

    /// Makes the cost as small as it gets.
    pub(super) fn minimise(&mut self, costs: &[f64]) {
        let rows = self.basis.len();
        let cost = |variable: usize| if variable < rows { 0.0 } else { costs[variable - rows] };
        self.prices = vec![0.0; rows];
        for (row, &variable) in self.inverse.iter().zip(&self.basis) {
            let times = cost(variable);
            if times != 0.0 {
                self.prices.iter_mut().zip(row).for_each(|(price, number)| *price += times * number);
            }
        }
        let mut without_gain = 0;
        for _ in 0..20 * self.columns.len() {
            let saving = |variable: usize| {
                let paid: f64 = self.columns[variable].iter().map(|&(row, times)| self.prices[row] * times).sum();
                paid - cost(variable)
            };
            let saving = (0..self.columns.len()).filter(|&at| !self.basic[at]).map(|at| (saving(at), at));
            let mut saving = saving.filter(|(saved, _)| *saved > NO_SAVING);
            let entering = if without_gain < STALLED {
                saving.max_by(|one, other| one.0.total_cmp(&other.0).then(other.1.cmp(&one.1)))
            } else {
                saving.next()
            };
            let Some((saved, entering)) = entering else { return };
            let Some(gained) = self.enter(entering, saved) else { return };
            without_gain = if gained > NOISE { 0 } else { without_gain + 1 };
        }
    }

    /// Brings a variable into the basis and gives its level; `None` if nothing bounds it.
    fn enter(&mut self, entering: usize, saved: f64) -> Option<f64> {
        let column = &self.columns[entering];
        let moved = |row: &Vec<f64>| column.iter().map(|&(at, times)| row[at] * times).sum();
        let moved: Vec<f64> = self.inverse.iter().map(moved).collect();
        let kept = moved.len() - usize::from(!self.demanded);
        let ratio = |&row: &usize| self.level[row].max(0.0) / moved[row];
        let leaving = (0..kept).filter(|&row| moved[row] > NOISE).min_by(|one, other| {
            ratio(one).total_cmp(&ratio(other)).then(self.basis[*one].cmp(&self.basis[*other]))
        })?;
        let level = ratio(&leaving);
        self.inverse[leaving].iter_mut().for_each(|number| *number /= moved[leaving]);
        let pivot = std::mem::take(&mut self.inverse[leaving]);
        for (row, &times) in moved.iter().enumerate().filter(|(row, times)| *row != leaving && **times != 0.0) {
            self.inverse[row].iter_mut().zip(&pivot).for_each(|(number, pivot)| *number -= times * pivot);
            self.level[row] -= times * level;
        }
        self.prices.iter_mut().zip(&pivot).for_each(|(price, pivot)| *price -= saved * pivot);
        self.inverse[leaving] = pivot;
        self.level[leaving] = level;
        self.basic[self.basis[leaving]] = false;
        self.basic[entering] = true;
        self.basis[leaving] = entering;
        Some(level)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two goods on one machine of 4 hours and one of 6, at least so many of both together.
    fn two_goods() -> Program {
        Program::new(vec![4.0, 6.0, 0.0], vec![vec![(0, 1.0), (1, 1.0), (2, -1.0)], vec![(1, 2.0), (2, -1.0)]])
    }

    #[test]
    fn the_most_uses_both_limits_and_prices_them() {
        let mut program = two_goods();
        program.minimise(&[-1.0, -1.0]);
        assert_eq!(program.levels(), [4.0, 1.0]);
        assert_eq!(program.prices(), [0.5, 0.5, 0.0]);
    }

    #[test]
    fn the_cheapest_way_meets_what_is_demanded_and_no_more() {
        let mut program = two_goods();
        program.minimise(&[-1.0, -1.0]);
        program.demand(-3.0, 0.0);
        program.minimise(&[5.0, 2.0]);
        assert_eq!(program.levels(), [0.0, 3.0]);
        assert_eq!(program.prices(), [0.0, 0.0, 2.0]);
    }
}

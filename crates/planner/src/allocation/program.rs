//! A linear program: minimise cost·x subject to rows·x <= limits, x >= 0. Revised simplex with a dense inverse.
//!
//! The first limits are at least zero but that of the last row, which is not looked at before [`Program::demand`];
//! rows may be added to an answer, which is then mended by dual steps. Floats are good enough: what a plan costs is
//! counted again in whole numbers. Steps are bounded. Leaves out bounds on single variables. O(rows²) a step at most.

/// Below this a number is noise.
const NOISE: f64 = 1e-9;
/// Below this a saving or a lack is noise.
const SLIGHT: f64 = 1e-7;
/// Steps without gain after which the first saving is taken instead of the largest, which cannot cycle.
const STALLED: usize = 64;

/// The rows a variable stands in, and how often.
pub(super) type Column = Vec<(usize, f64)>;

/// What became of a program with one more row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mended {
    /// It has its best answer again.
    Kept,
    /// It has none.
    Impossible,
    /// Nobody knows.
    OutOfSteps,
}

/// The program in its present basis. Variables, then the slacks of the rows.
#[derive(Clone, Debug)]
pub(super) struct Program {
    columns: Vec<Column>,
    variables: usize,
    costs: Vec<f64>,
    inverse: Vec<Vec<f64>>,
    basis: Vec<usize>,
    level: Vec<f64>,
    basic: Vec<bool>,
    prices: Vec<f64>,
    /// A row that is not kept yet.
    open_row: Option<usize>,
    written: usize,
}

impl Program {
    /// Starts with every variable at zero.
    pub(super) fn new(limits: Vec<f64>, mut columns: Vec<Column>) -> Self {
        let (rows, variables) = (limits.len(), columns.len());
        let unit = |row: usize| (0..rows).map(|at| if at == row { 1.0 } else { 0.0 }).collect();
        columns.extend((0..rows).map(|row| vec![(row, 1.0)]));
        Self {
            basic: (0..columns.len()).map(|at| at >= variables).collect(),
            columns,
            variables,
            costs: vec![],
            inverse: (0..rows).map(unit).collect(),
            basis: (variables..variables + rows).collect(),
            level: limits,
            prices: vec![0.0; rows],
            open_row: rows.checked_sub(1),
            written: 0,
        }
    }

    /// Changes the limit of a row by this much, and keeps it from now on if it was the open one.
    pub(super) fn demand(&mut self, row: usize, change: f64) -> Mended {
        for (level, inverse) in self.level.iter_mut().zip(&self.inverse) {
            *level += change * inverse[row];
        }
        self.open_row = None;
        self.mend()
    }

    /// The levels of the variables.
    pub(super) fn levels(&self) -> Vec<f64> {
        let mut levels = vec![0.0; self.variables];
        for (&at, level) in self.basis.iter().zip(&self.level).filter(|(at, _)| **at < self.variables) {
            levels[at] = level.max(0.0);
        }
        levels
    }

    /// What the levels cost.
    pub(super) fn value(&self) -> f64 {
        let basic = self.basis.iter().zip(&self.level).filter(|(at, _)| **at < self.variables);
        basic.map(|(&at, level)| self.costs[at] * level).sum()
    }

    /// What one more of each limit would save; never negative.
    pub(super) fn prices(&self) -> Vec<f64> {
        self.prices.iter().map(|price| (-price).max(0.0)).collect()
    }

    /// Numbers written so far, at most: an inverse a step.
    pub(super) fn written(&self) -> usize {
        self.written
    }

    /// What the variable saves a unit beyond its cost at the present prices.
    fn saving(&self, at: usize) -> f64 {
        let paid: f64 = self.columns[at].iter().map(|&(row, times)| self.prices[row] * times).sum();
        paid - self.costs.get(at).copied().unwrap_or(0.0)
    }

    fn not_basic(&self) -> impl Iterator<Item = usize> {
        (0..self.columns.len()).filter(|&at| !self.basic[at])
    }

    /// Makes these costs as small as they get.
    pub(super) fn minimise(&mut self, costs: Vec<f64>) {
        self.costs = costs;
        self.prices = vec![0.0; self.basis.len()];
        for (row, &at) in self.inverse.iter().zip(&self.basis) {
            let times = self.costs.get(at).copied().unwrap_or(0.0);
            if times != 0.0 {
                self.prices.iter_mut().zip(row).for_each(|(price, number)| *price += times * number);
            }
        }
        let mut without_gain = 0;
        for _ in 0..20 * self.columns.len() {
            let Some((saved, entering)) = self.entering(without_gain < STALLED) else { return };
            let moved = self.moved(entering);
            let kept = (0..moved.len()).filter(|row| self.open_row != Some(*row) && moved[*row] > NOISE);
            let ratio = |row: usize| self.level[row].max(0.0) / moved[row];
            let leaving = kept.min_by(|&one, &other| {
                ratio(one).total_cmp(&ratio(other)).then(self.basis[one].cmp(&self.basis[other]))
            });
            let Some(leaving) = leaving else { return };
            let level = ratio(leaving);
            self.step(leaving, entering, &moved, level, saved);
            without_gain = if level > NOISE { 0 } else { without_gain + 1 };
        }
    }

    /// The variable that saves most, or the first that saves.
    fn entering(&self, most: bool) -> Option<(f64, usize)> {
        let mut saving =
            self.not_basic().map(|at| (self.saving(at), at)).filter(|(saved, _)| *saved > SLIGHT);
        if most {
            saving.max_by(|one, other| one.0.total_cmp(&other.0).then(other.1.cmp(&one.1)))
        } else {
            saving.next()
        }
    }

    /// Adds a row to an answer: the sum of some variables with a sign is at most the limit.
    pub(super) fn restrict(&mut self, variables: &[usize], sign: f64, limit: f64) -> Mended {
        let row = self.basis.len();
        let mut inverse = vec![0.0; row + 1];
        inverse[row] = 1.0;
        let mut level = limit;
        for (at, basic) in self.basis.iter().enumerate().filter(|(_, basic)| variables.contains(basic)) {
            debug_assert!(*basic < self.variables);
            inverse.iter_mut().zip(&self.inverse[at]).for_each(|(sum, number)| *sum -= sign * number);
            level -= sign * self.level[at];
        }
        self.inverse.iter_mut().for_each(|numbers| numbers.push(0.0));
        self.inverse.push(inverse);
        self.level.push(level);
        self.prices.push(0.0);
        variables.iter().for_each(|&at| self.columns[at].push((row, sign)));
        self.basis.push(self.columns.len());
        self.basic.push(true);
        self.columns.push(vec![(row, 1.0)]);
        self.mend()
    }

    /// Dual steps until no level is below zero.
    fn mend(&mut self) -> Mended {
        for _ in 0..self.columns.len() {
            let rows =
                (0..self.basis.len()).filter(|&row| self.level[row] < -SLIGHT && self.open_row != Some(row));
            let lowest = |one: &usize, other: &usize| self.level[*one].total_cmp(&self.level[*other]);
            let Some(leaving) = rows.min_by(lowest) else { return Mended::Kept };
            let numbers = &self.inverse[leaving];
            let moved =
                |at: usize| self.columns[at].iter().map(|&(row, times)| numbers[row] * times).sum::<f64>();
            let moves = self.not_basic().map(|at| (moved(at), at)).filter(|(moved, _)| *moved < -SLIGHT);
            let ratio = |moved: f64, at: usize| self.saving(at).min(0.0) / moved;
            let entering = moves.min_by(|one, other| {
                ratio(one.0, one.1).total_cmp(&ratio(other.0, other.1)).then(one.1.cmp(&other.1))
            });
            let Some((_, entering)) = entering else { return Mended::Impossible };
            let (moved, saved) = (self.moved(entering), self.saving(entering));
            let level = self.level[leaving] / moved[leaving];
            self.step(leaving, entering, &moved, level, saved);
        }
        Mended::OutOfSteps
    }

    /// How the basic levels fall when a variable rises by one.
    fn moved(&self, at: usize) -> Vec<f64> {
        let column = &self.columns[at];
        self.inverse.iter().map(|row| column.iter().map(|&(at, times)| row[at] * times).sum()).collect()
    }

    /// Brings a variable into the basis at this level, in the place of another.
    fn step(&mut self, leaving: usize, entering: usize, moved: &[f64], level: f64, saved: f64) {
        self.written += self.basis.len() * self.basis.len();
        let mut pivot = std::mem::take(&mut self.inverse[leaving]);
        pivot.iter_mut().for_each(|number| *number /= moved[leaving]);
        for (row, &times) in moved.iter().enumerate().filter(|(row, times)| *row != leaving && **times != 0.0)
        {
            self.inverse[row].iter_mut().zip(&pivot).for_each(|(number, pivot)| *number -= times * pivot);
            self.level[row] -= times * level;
        }
        self.prices.iter_mut().zip(&pivot).for_each(|(price, pivot)| *price -= saved * pivot);
        self.inverse[leaving] = pivot;
        self.level[leaving] = level;
        self.basic[self.basis[leaving]] = false;
        self.basic[entering] = true;
        self.basis[leaving] = entering;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two goods on one machine of 4 hours and one of 6, at least so many of both together.
    fn most_of_two_goods() -> Program {
        let columns = vec![vec![(0, 1.0), (1, 1.0), (2, -1.0)], vec![(1, 2.0), (2, -1.0)]];
        let mut program = Program::new(vec![4.0, 6.0, 0.0], columns);
        program.minimise(vec![-1.0, -1.0]);
        program
    }

    #[test]
    fn the_most_uses_both_limits_and_prices_them() {
        let program = most_of_two_goods();
        assert_eq!(program.levels(), [4.0, 1.0]);
        assert_eq!(program.prices(), [0.5, 0.5, 0.0]);
        assert_eq!(program.value(), -5.0);
    }

    #[test]
    fn the_cheapest_way_meets_what_is_demanded_and_no_more() {
        let mut program = most_of_two_goods();
        assert_eq!(program.demand(2, -3.0), Mended::Kept);
        program.minimise(vec![5.0, 2.0]);
        assert_eq!(program.levels(), [0.0, 3.0]);
        assert_eq!(program.prices(), [0.0, 0.0, 2.0]);
    }

    #[test]
    fn a_row_that_is_added_is_kept_and_one_that_cannot_be_kept_is_told() {
        let mut program = most_of_two_goods();
        assert_eq!(program.restrict(&[0], 1.0, 2.0), Mended::Kept);
        assert_eq!(program.levels(), [2.0, 2.0]);
        assert_eq!(program.restrict(&[1], -1.0, -3.0), Mended::Kept);
        assert_eq!(program.levels(), [0.0, 3.0]);
        assert_eq!(program.restrict(&[0], -1.0, -1.0), Mended::Impossible);
    }
}

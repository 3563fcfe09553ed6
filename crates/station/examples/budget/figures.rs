//! Figures: what was measured, as one JSON file each and as a table against the budgets.

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// What may be at most. Figures that are not here are only told.
const BUDGETS: &[(&str, f64)] = &[
    ("scan_to_answer_during_sync", 50.0),
    ("scan_to_label_byte", 80.0),
    ("first_screen", 1_000.0),
    ("label_pdf_time", 30.0),
    ("label_pdf_size", 30_000.0),
];

/// One figure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// What.
    pub name: String,
    /// What is held against the budget.
    pub value: f64,
    /// Of `value`, `p50` and `p99`.
    pub unit: String,
    /// How often it was measured.
    pub n: usize,
    /// The middle one.
    pub p50: f64,
    /// The one that 99 of 100 do not pass; of fewer than 100 the largest.
    pub p99: f64,
}

/// Which of the samples is held against the budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judged {
    /// The middle one.
    Median,
    /// The one that 99 of 100 do not pass.
    P99,
    /// The largest.
    Largest,
}

impl Figure {
    /// Of many samples, none of them missing.
    pub fn of(name: &str, unit: &str, mut samples: Vec<f64>, judged: Judged) -> Result<Self> {
        samples.sort_by(f64::total_cmp);
        let largest = *samples.last().with_context(|| format!("{name} was never measured"))?;
        let (p50, p99) = (rank(&samples, 50), rank(&samples, 99));
        let value = match judged {
            Judged::Median => p50,
            Judged::P99 => p99,
            Judged::Largest => largest,
        };
        Ok(Self { name: name.into(), value, unit: unit.into(), n: samples.len(), p50, p99 })
    }

    /// Measured once.
    pub fn once(name: &str, unit: &str, value: f64) -> Self {
        Self { name: name.into(), value, unit: unit.into(), n: 1, p50: value, p99: value }
    }

    /// Writes `<folder>/<name>.json`.
    pub fn write(&self, folder: &Path) -> Result<()> {
        std::fs::create_dir_all(folder)?;
        let path = folder.join(format!("{}.json", self.name));
        let text = serde_json::to_string(self)? + "\n";
        std::fs::write(&path, text).with_context(|| format!("writing {}", path.display()))
    }
}

/// The nearest-rank percentile of sorted samples.
fn rank(samples: &[f64], percent: usize) -> f64 {
    let at = (samples.len() * percent).div_ceil(100).max(1) - 1;
    samples.get(at).copied().unwrap_or(f64::NAN)
}

/// All figures of a folder as a table, those with a budget first.
pub fn table(folder: &Path) -> Result<String> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))?;
    let mut paths: Vec<PathBuf> = entries.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "json"));
    let read = |path: &PathBuf| -> Result<Figure> {
        let text = std::fs::read_to_string(path)?;
        serde_json::from_str(&text).with_context(|| format!("reading {}", path.display()))
    };
    let mut figures: Vec<Figure> = paths.iter().map(read).collect::<Result<_>>()?;
    let place = |name: &str| BUDGETS.iter().position(|(known, _)| *known == name).unwrap_or(BUDGETS.len());
    figures.sort_by_key(|figure| (place(&figure.name), figure.name.clone()));
    let mut text = String::new();
    let heads = ["name", "value", "unit", "n", "p50", "p99", "budget"];
    row(&mut text, heads.map(str::to_owned), "")?;
    for figure in figures {
        let budget = BUDGETS.iter().find(|(name, _)| *name == figure.name).map(|(_, budget)| *budget);
        let verdict = budget.map_or("", |budget| if figure.value < budget { "met" } else { "MISSED" });
        let budget = budget.map_or_else(|| "-".to_owned(), |budget| format!("< {}", short(budget)));
        let Figure { name, value, unit, n, p50, p99 } = figure;
        row(&mut text, [name, short(value), unit, n.to_string(), short(p50), short(p99), budget], verdict)?;
    }
    Ok(text)
}

fn row(text: &mut String, cells: [String; 7], verdict: &str) -> Result<()> {
    let [name, value, unit, n, p50, p99, budget] = cells;
    writeln!(text, "{name:<32}{value:>10} {unit:<7}{n:>6}{p50:>10}{p99:>10}{budget:>10}  {verdict}")?;
    Ok(())
}

/// Three figures that count; whole numbers from a thousand on.
fn short(value: f64) -> String {
    match value.abs() {
        above if above >= 100.0 => format!("{value:.0}"),
        above if above >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

//! Plans read as a person would read them, and rules that hold for every plan.
//!
//! One program for all, so that the small hall is built once. Leaves out how long planning takes (`make bench`).

#![expect(clippy::expect_used, reason = "a test may fail by panicking")]

mod allocations;
mod carriers;
mod hall;
mod packagings;
mod rules;
mod splits;
mod waves;

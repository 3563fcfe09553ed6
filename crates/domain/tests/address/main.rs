//! Addresses, proved by tables of lines as buyers write them, and by the whole table of regions read back.
//!
//! `line` is the only one that knows how a row is compared. Leaves out what the parts do alone, which their own
//! files test.

mod columns;
mod contradicted;
mod doors;
mod good;
mod line;
mod vague;
mod whole_table;

//! The step engine, proved by tables that read like a day on the floor, and by rules that hold for every day.
//!
//! One file a procedure; `table` is the only one that knows how a row is played. Leaves out devices, the store and
//! the voice: an event is what they make of a gesture, and the prompt is the sentence they would say.

#![expect(clippy::expect_used, reason = "a test may fail by panicking")]

mod bench_day;
mod hand_over_day;
mod rules;
mod table;
mod walk_day;

//! The search for good plans: routing, waves, walks, packaging.
//!
//! A plan is a value that a person can read: it is computed from a snapshot, carries the reason for everything it
//! leaves out, and carrying it out has no choices left. No clock, no randomness, no files: the same snapshot, in
//! whatever order its parts come, gives the same plan, and ties are broken by id. Leaves out how a plan is carried
//! out (the step engine) and who may release one (the station).

pub mod allocation;
pub mod carrier;
pub mod layout;
pub mod packaging;
pub mod short;
pub mod walk;
pub mod wave;

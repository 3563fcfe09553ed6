//! The station proved from outside: a real one on a folder of its own, against a small server, printer and scale on
//! real ports. Each test is named after the rule it proves.

#![expect(clippy::expect_used, reason = "a test may fail by panicking")]

mod company;
mod day;
mod printer;
mod scale;
mod server;
mod whole_way;
mod work;

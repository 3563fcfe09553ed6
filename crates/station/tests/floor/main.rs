//! The station proved from outside: a real one on a folder of its own, against a small server, printer and scale on
//! real ports. Each test is named after the rule it proves.

#![expect(clippy::expect_used, reason = "a test may fail by panicking")]

mod away;
mod backups;
mod cancels;
mod company;
mod crashes;
mod damage;
mod day;
mod disk;
mod feed;
mod hand_over;
mod labels;
mod lan;
mod mistakes;
mod paper;
mod printer;
mod scale;
mod server;
mod shorts;
mod weights;
mod whole_way;
mod work;

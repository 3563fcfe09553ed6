//! A lossy day from a seed: two sides, a network that loses, doubles, delays and reorders, and a reader that crashes.

#![expect(clippy::expect_used, reason = "a test may fail by panicking")]

use liangcang_sync::{Cursors, Entry, LogId, Message, SCHEMA, to_send};
use serde_json::value::RawValue;

/// A small generator (xorshift64*): the test must not depend on a crate's stream staying the same.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % sides
    }
}

struct Side {
    log: LogId,
    written: Vec<Entry>,
    /// What the other side is known to have.
    confirmed: Cursors,
    cursors: Cursors,
    applied: Vec<Entry>,
}

impl Side {
    fn new(name: &str) -> Self {
        let log = LogId::first(name);
        Self {
            log,
            written: vec![],
            confirmed: Cursors::default(),
            cursors: Cursors::default(),
            applied: vec![],
        }
    }

    fn write(&mut self, text: &str) {
        let body = RawValue::from_string(format!("\"{text}\"")).expect("a JSON string");
        let seq = self.written.len() as u64 + 1;
        self.written.push(Entry { log: self.log.clone(), seq, schema: SCHEMA, body });
    }

    fn message(&self, limit: u64) -> Message {
        let head = self.written.len() as u64;
        let range = to_send(head, self.confirmed.of(&self.log), limit);
        let (entries, more) = range.map_or((vec![], false), |(range, more)| {
            (self.written[*range.start() as usize - 1..*range.end() as usize].to_vec(), more)
        });
        Message::new(self.cursors.clone(), entries, more)
    }

    /// Takes a message; a crash before the commit loses effects and cursors together.
    fn take(&mut self, message: Message, crash: bool) {
        let confirmed = message.have.of(&self.log);
        let taken = message.take(&self.cursors).expect("same protocol");
        if crash {
            return;
        }
        self.confirmed.advance(&self.log, confirmed);
        self.applied.extend(taken.apply);
        self.cursors = taken.cursors;
    }
}

fn a_day(seed: u64) {
    let mut dice = Dice(seed.wrapping_mul(2) + 1);
    let mut sides = [Side::new("server"), Side::new("SH")];
    let mut network: Vec<(usize, Message)> = Vec::new();
    for step in 0..400 {
        let who = dice.roll(2) as usize;
        if step < 300 && dice.roll(3) == 0 {
            sides[who].write(&format!("{step}"));
        }
        let limit = 1 + dice.roll(7);
        network.push((1 - who, sides[who].message(limit)));
        while !network.is_empty() && dice.roll(4) > 0 {
            let at = dice.roll(network.len() as u64) as usize;
            let (to, message) = network.swap_remove(at);
            match dice.roll(10) {
                0 => {}
                1 => {
                    network.push((to, message.clone()));
                    sides[to].take(message, false);
                }
                roll => sides[to].take(message, roll == 2),
            }
        }
    }
    // The network heals.
    for _ in 0..1_000 {
        for who in 0..2 {
            let message = sides[who].message(5);
            sides[1 - who].take(message, false);
        }
    }
    for who in 0..2 {
        assert_eq!(sides[1 - who].applied, sides[who].written, "seed {seed}");
    }
}

#[test]
fn every_entry_is_applied_once_and_in_order_whatever_the_network_does() {
    for seed in 0..500 {
        a_day(seed);
    }
}

#[test]
fn an_entry_of_a_newer_schema_is_set_aside_and_the_log_goes_on() {
    let log = LogId::first("server");
    let entry = |seq, schema| Entry {
        log: log.clone(),
        seq,
        schema,
        body: RawValue::from_string("{}".to_owned()).expect("JSON"),
    };
    let entries = vec![entry(1, SCHEMA), entry(2, SCHEMA + 1), entry(3, SCHEMA)];
    let taken =
        Message::new(Cursors::default(), entries, false).take(&Cursors::default()).expect("same protocol");
    assert_eq!((taken.apply.len(), taken.aside.len(), taken.cursors.of(&log)), (2, 1, 3));
}

#[test]
fn a_side_that_is_too_new_is_refused_and_nothing_is_taken() {
    let mut message = Message::new(Cursors::default(), vec![], false);
    message.protocol = 9;
    message.oldest = 8;
    let refused = message.take(&Cursors::default()).expect_err("oldest 8 does not understand us");
    assert!(refused.to_string().contains("upgrade"), "{refused}");
}

#[test]
fn messages_survive_json() {
    let mut side = Side::new("SH");
    side.write("one");
    let message = side.message(10);
    let text = serde_json::to_string(&message).expect("writable");
    assert_eq!(serde_json::from_str::<Message>(&text).expect("readable"), message);
}

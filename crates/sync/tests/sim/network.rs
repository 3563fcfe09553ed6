//! A made-up network: what is sent may be lost, doubled, delayed, overtaken, damaged, and cut off altogether.

use crate::dice::Dice;
use liangcang_sync::snapshot::Manifest;
use liangcang_sync::{Digest, Message};
use std::collections::BTreeSet;

/// What travels.
#[derive(Clone, Debug)]
pub enum Packet {
    Sync { message: Box<Message>, reply: bool },
    Want { whole: Option<Digest>, index: u64 },
    Offer(Manifest),
    Piece { whole: Digest, index: u64, bytes: Vec<u8> },
}

#[derive(Clone, Debug)]
struct Flight {
    due: u64,
    from: usize,
    to: usize,
    packet: Packet,
}

/// How bad it is, in a thousand.
#[derive(Clone, Copy, Debug, Default)]
pub struct Weather {
    pub loss: u64,
    pub doubling: u64,
    pub damage: u64,
    /// The longest delay, in ticks.
    pub delay: u64,
}

impl Weather {
    pub fn of(dice: &mut Dice) -> Self {
        Self {
            loss: dice.often(300),
            doubling: dice.often(150),
            damage: dice.often(400),
            delay: dice.often(12),
        }
    }
}

/// What is on the way.
#[derive(Clone, Debug, Default)]
pub struct Network {
    flights: Vec<Flight>,
    /// Pairs that do not reach each other, the smaller first.
    pub cuts: BTreeSet<(usize, usize)>,
    pub weather: Weather,
}

impl Network {
    pub fn new(weather: Weather) -> Self {
        Self { weather, ..Self::default() }
    }

    pub fn send(&mut self, tick: u64, from: usize, to: usize, packet: Packet, dice: &mut Dice) {
        if self.cuts.contains(&(from.min(to), from.max(to))) || dice.chance(self.weather.loss) {
            return;
        }
        let times = 1 + u64::from(dice.chance(self.weather.doubling));
        for _ in 0..times {
            let due = tick + dice.roll(self.weather.delay + 1);
            let mut packet = packet.clone();
            self.damage(&mut packet, dice);
            self.flights.push(Flight { due, from, to, packet });
        }
    }

    /// Changes a digit of a piece, which is still JSON then; and lets some messages go through theirs.
    fn damage(&self, packet: &mut Packet, dice: &mut Dice) {
        match packet {
            Packet::Piece { bytes, .. } if dice.chance(self.weather.damage) => {
                let at = dice.index(bytes.len());
                if let Some(digit) = bytes[at..].iter_mut().find(|byte| (b'1'..=b'8').contains(byte)) {
                    *digit += 1;
                }
            }
            Packet::Sync { message, .. } if dice.roll(8) == 0 => {
                let text = serde_json::to_string(message).expect("messages can be written");
                **message = serde_json::from_str(&text).expect("and read");
            }
            _ => {}
        }
    }

    /// One packet that is due, in any order: who sent it, to whom.
    pub fn deliver(&mut self, tick: u64, dice: &mut Dice) -> Option<(usize, usize, Packet)> {
        let due: Vec<usize> =
            (0..self.flights.len()).filter(|index| self.flights[*index].due <= tick).collect();
        if due.is_empty() {
            return None;
        }
        let flight = self.flights.swap_remove(due[dice.index(due.len())]);
        Some((flight.from, flight.to, flight.packet))
    }

    pub fn is_empty(&self) -> bool {
        self.flights.is_empty()
    }

    /// The cables are in again.
    pub fn heal(&mut self) {
        self.cuts.clear();
        self.weather = Weather::default();
    }
}

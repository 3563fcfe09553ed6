//! A made-up company from one seed: a server, a lead, three members, people, and everything that goes wrong.

use crate::breaks::Breaks;
use crate::dice::Dice;
use crate::disk::{Crashed, Write};
use crate::exchange::NotTaken;
use crate::floor::{Done, OPENING, Person, SKUS};
use crate::network::{Network, Packet, Weather};
use crate::node::{Node, SERVER};
use crate::trouble::Troubles;
use crate::truth::{Tally, Truth};
use crate::word::{Goods, Word};
use liangcang_sync::{Heard, Refused, Room, Term};

/// The stations; the first leads at the beginning.
pub const STATIONS: [&str; 4] = ["A", "B", "C", "D"];
/// How long things go wrong.
const TICKS: u64 = 420;

/// The company.
#[derive(Debug)]
pub struct World {
    pub tick: u64,
    pub dice: Dice,
    pub nodes: Vec<Node>,
    pub people: Vec<Person>,
    pub network: Network,
    pub troubles: Troubles,
    pub truth: Truth,
    pub breaks: Breaks,
    /// Whether anything happened that can lead to two holders of one order.
    pub may_clash: bool,
    pub tally: Tally,
    /// Stations that were refused without being copies, but for what they said before they began anew.
    pub refused: Vec<String>,
}

impl World {
    pub fn new(seed: u64, breaks: Breaks) -> Self {
        let mut dice = Dice::new(seed);
        let weather = Weather::of(&mut dice);
        let troubles = Troubles::of(&mut dice);
        let names = [SERVER].into_iter().chain(STATIONS);
        let nodes = names.map(|name| Node::new(name, &format!("pc-{name}"), breaks)).collect();
        let people = [SERVER].into_iter().chain(STATIONS).map(Person::new).collect();
        let network = Network::new(weather);
        let mut world = Self {
            tick: 0,
            dice,
            nodes,
            people,
            network,
            troubles,
            truth: Truth::default(),
            breaks,
            may_clash: false,
            tally: Tally::default(),
            refused: Vec::new(),
        };
        world.open();
        world
    }

    /// The first morning: everybody is enrolled, the goods are in, the first station leads.
    fn open(&mut self) {
        let Self { nodes, dice, troubles, .. } = self;
        let enrolled = nodes[1..].iter().map(|node| Word::Enrolled(node.replica()));
        let goods = SKUS.iter().map(|sku| Word::Opening(Goods { sku: (*sku).to_owned(), qty: OPENING }));
        let words: Vec<Word> = enrolled.chain(goods).collect();
        let first = Term::first(nodes[1].log.clone());
        let said = nodes[0].say(&words, 0);
        for node in nodes.iter_mut() {
            let mut writes = vec![Write::Term(first.clone()), Write::Filled];
            writes.extend(said.iter().cloned());
            node.disk.commit(writes, true, dice).expect("nothing crashes yet");
            node.disk.crashes = troubles.crash;
        }
    }

    /// Everything that goes wrong.
    pub fn run(&mut self) {
        for tick in 1..=TICKS {
            self.tick = tick;
            self.trouble();
            while let Some((from, to, packet)) = self.network.deliver(tick, &mut self.dice) {
                self.arrive(from, to, packet);
            }
            for index in 0..self.nodes.len() {
                if self.dice.chance(300) {
                    self.initiate(index);
                }
                // Whoever works at a copy is quick, so that it may overtake the original.
                if self.dice.chance(if index > STATIONS.len() { 600 } else { 250 }) {
                    self.work(index);
                }
            }
        }
    }

    /// The station a node takes for the lead.
    pub fn lead_of(&self, index: usize) -> Option<usize> {
        let term = self.nodes[index].disk.kept.term.as_ref()?;
        STATIONS.iter().position(|name| *name == term.lead.writer).map(|place| place + 1)
    }

    /// A node speaks first: a lead to the server and to its members, a member to its lead and now and then to
    /// anybody, as stations that find each other on the LAN do.
    pub fn initiate(&mut self, index: usize) {
        let node = &self.nodes[index];
        if !node.up || node.stopped || node.is_server() || self.tick < node.alone_until {
            return;
        }
        let anybody = 1 + self.dice.index(STATIONS.len());
        let to = match self.lead_of(index) {
            _ if self.nodes[index].leads() => {
                if self.dice.roll(2) == 0 {
                    0
                } else {
                    anybody
                }
            }
            Some(lead) if lead != index && !self.dice.chance(100) => lead,
            _ => anybody,
        };
        if to == index {
            return;
        }
        if self.nodes[index].disk.kept.fresh && self.dice.roll(2) == 0 {
            let want = self.nodes[index].want();
            self.network.send(self.tick, index, to, want, &mut self.dice);
        } else {
            self.speak(index, to, true);
        }
    }

    fn speak(&mut self, index: usize, to: usize, reply: bool) {
        let room = match self.dice.roll(10) {
            0 => Room { entries: 0, bytes: 0 },
            1 | 2 => Room { entries: 1 + self.dice.roll(3), bytes: 300 },
            _ => Room::USUAL,
        };
        let message = Box::new(self.nodes[index].message(to, room));
        self.network.send(self.tick, index, to, Packet::Sync { message, reply }, &mut self.dice);
    }

    /// A packet reaches its machine, if that is up.
    pub fn arrive(&mut self, from: usize, to: usize, packet: Packet) {
        let tick = self.tick;
        let Some(node) = self.nodes.get_mut(to).filter(|node| node.up && !node.stopped) else { return };
        let dice = &mut self.dice;
        let outcome = match packet {
            Packet::Sync { message, reply } => match node.take(from, *message, tick, dice) {
                Ok(heard) => {
                    if reply || heard == Heard::Older {
                        self.speak(to, from, false);
                    }
                    Ok(())
                }
                Err(NotTaken::Crashed) => Err(Crashed),
                Err(NotTaken::Refused(why)) => {
                    // A copy is told so by its screen and works no more; who hears one only passes it over.
                    node.stopped = to > STATIONS.len();
                    if from.max(to) > STATIONS.len() {
                        self.tally.copies_refused += 1;
                    } else if !matches!(why, Refused::OldEpoch { .. }) {
                        self.refused.push(format!("{} refused a station: {why}", node.name));
                    }
                    Ok(())
                }
            },
            Packet::Want { whole, index } => {
                if !node.disk.kept.fresh && from <= STATIONS.len() {
                    let offer = node.offer(whole, index);
                    self.network.send(tick, to, from, offer, dice);
                }
                Ok(())
            }
            Packet::Offer(manifest) => node.take_offer(manifest, dice),
            Packet::Piece { whole, index, bytes } => node.take_piece(whole, index, bytes, dice),
        };
        let aside = self.nodes[to].disk.kept.aside.len() as u64;
        self.tally.aside = self.tally.aside.max(aside);
        if let Err(Crashed) = outcome {
            self.tally.crashes += 1;
            self.nodes[to].crash();
        }
    }

    /// The person at a machine does the next thing, or the last one again if the machine died over it.
    pub fn work(&mut self, index: usize) {
        let Self { nodes, people, dice, tick, .. } = self;
        let (node, person) = (&mut nodes[index], &mut people[index]);
        if !node.works() {
            return;
        }
        let is_retry = person.pending.is_some();
        let words = match person.pending.take() {
            Some(words) => Some(words),
            None if node.is_server() => node.sell_or_lease(person, *tick, dice),
            None if dice.chance(650) => {
                let held = node.next_with_held(person, dice);
                if held.is_none() && node.want_work(dice).is_some() && node.leads() {
                    let asks = std::mem::take(&mut node.memory.wants);
                    for ask in asks {
                        if let Err(Crashed) = node.answer(index, ask, *tick, dice) {
                            return node.crash();
                        }
                    }
                }
                held
            }
            None => node.other_work(person, *tick, dice),
        };
        if let Some(words) = words {
            self.carry(index, words, is_retry);
        }
    }

    /// Tells a machine what was done, and remembers what was called good.
    pub fn carry(&mut self, index: usize, mut words: Vec<Word>, is_retry: bool) {
        let Self { nodes, people, dice, tick, .. } = self;
        let (node, person) = (&mut nodes[index], &mut people[index]);
        if is_retry && node.breaks == Breaks::RetriesUnderANewGesture {
            let gesture = person.next_gesture();
            words = words.iter().map(|word| word.renamed(&gesture)).collect();
        }
        let gesture = words.first().and_then(Word::gesture).map(str::to_owned);
        let is_copy = index > STATIONS.len();
        match (node.gesture(&words, *tick, dice), gesture) {
            (Ok(Done::Good), Some(gesture)) => {
                let list = if is_copy { &mut self.truth.copied } else { &mut self.truth.good };
                self.tally.good += 1;
                self.tally.local_orders += u64::from(matches!(words[0], Word::LocalOrder { .. }));
                list.insert(gesture, words.swap_remove(0));
            }
            (Ok(Done::Impossible), Some(gesture)) if is_retry => {
                self.truth.perhaps.insert(gesture, words.swap_remove(0));
            }
            (Ok(_), _) => {}
            (Err(Crashed), gesture) => {
                person.pending = gesture.map(|_| words);
                self.tally.crashes += 1;
                node.crash();
            }
        }
    }
}

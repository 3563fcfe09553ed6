//! What goes wrong besides the network and the disks: machines that stay down, cables, clocks, promotions that nobody
//! agreed on, lost disks, copied stations, upgrades.

use crate::dice::Dice;
use crate::disk::{Crashed, Disk, Write};
use crate::floor::Person;
use crate::node::Node;
use crate::world::{STATIONS, World};

/// What may go wrong with one seed, in a thousand ticks; many seeds have some of it at nought, so that each rule is
/// also seen without the others.
#[derive(Clone, Copy, Debug)]
pub struct Troubles {
    pub crash: u64,
    pub cut: u64,
    pub clock: u64,
    pub promotion: u64,
    pub loss_of_disk: u64,
    pub copy: u64,
    pub upgrade: u64,
}

impl Troubles {
    pub fn of(dice: &mut Dice) -> Self {
        Self {
            crash: dice.often(12),
            cut: dice.often(40),
            clock: dice.often(20),
            promotion: dice.often(12),
            loss_of_disk: dice.often(5),
            copy: dice.often(8),
            upgrade: dice.often(20),
        }
    }
}

impl World {
    /// What goes wrong in this tick.
    pub fn trouble(&mut self) {
        let Troubles { cut, clock, promotion, loss_of_disk, copy, upgrade, .. } = self.troubles;
        let index = self.dice.index(1 + STATIONS.len());
        if self.dice.chance(150) {
            self.nodes[index].restart(&mut self.dice);
        }
        if self.dice.chance(cut) {
            let other = self.dice.index(1 + STATIONS.len());
            self.network.cuts.insert((index.min(other), index.max(other)));
        }
        if self.dice.chance(25) {
            self.network.cuts.pop_first();
        }
        if self.dice.chance(clock) {
            self.nodes[index].clock_off_ms = self.dice.roll(400_000) as i64 - 200_000;
        }
        if self.dice.chance(upgrade) {
            self.upgrade(index);
        }
        if self.dice.chance(promotion) || (promotion > 0 && self.is_headless() && self.dice.chance(80)) {
            self.promote(index);
        }
        if self.dice.chance(loss_of_disk) && promotion > 0 {
            self.lose_disk(index);
        }
        if self.dice.chance(copy) {
            self.copy(index);
        }
    }

    /// Whether nobody leads who still could.
    pub fn is_headless(&self) -> bool {
        !self.nodes[1..=STATIONS.len()].iter().any(|node| node.up && node.leads())
    }

    /// A person promotes a station.
    pub fn promote(&mut self, index: usize) {
        let node = &mut self.nodes[index];
        if node.is_server() || !node.works() {
            return;
        }
        self.may_clash = true;
        self.tally.promotions += 1;
        if let Err(Crashed) = node.promote(self.tick, &mut self.dice) {
            node.crash();
        }
    }

    /// A program is upgraded.
    pub fn upgrade(&mut self, index: usize) {
        let node = &mut self.nodes[index];
        if node.up
            && node.disk.kept.schema == 1
            && let Err(Crashed) = node.disk.commit(vec![Write::Schema(2)], true, &mut self.dice)
        {
            node.crash();
        }
    }

    /// A station's disk is gone. It begins a higher epoch with an empty one, and what only the old one had is lost.
    fn lose_disk(&mut self, index: usize) {
        if index == 0 || self.tally.disks_lost == 2 || self.nodes[index].disk.kept.fresh {
            return;
        }
        self.tally.disks_lost += 1;
        self.may_clash = true;
        let node = &mut self.nodes[index];
        let old = std::mem::replace(&mut node.disk, Disk::empty(self.troubles.crash));
        node.crash();
        node.log.epoch += 1;
        for (log, kept) in &old.kept.logs {
            let elsewhere = self.nodes[..=STATIONS.len()].iter().map(|node| node.disk.durable.of(log));
            let known = elsewhere.max().unwrap_or(0);
            for (line, _) in kept.range(known + 1..).map(|(_, line)| line) {
                let gesture = line.said.word.gesture().unwrap_or_default();
                if let Some(word) = self.truth.good.remove(gesture) {
                    self.truth.perhaps.insert(gesture.to_owned(), word);
                }
            }
        }
    }

    /// Somebody starts a copy of a station's disk: as it is now on another PC, or an older image on one that passes
    /// for the same.
    fn copy(&mut self, index: usize) {
        let station = &self.nodes[index];
        if station.is_server() || station.disk.kept.fresh || self.nodes.len() > STATIONS.len() + 2 {
            return;
        }
        let log = station.log.clone();
        // Everybody knows the original to have gone on, or nobody could tell which of the two it is.
        let least = self.nodes[..=STATIONS.len()].iter().map(|node| node.disk.durable.of(&log)).min();
        let is_elsewhere = self.dice.roll(2) == 0;
        let disk = if is_elsewhere {
            Some(station.disk.image())
        } else {
            station.disk.older_image(&log, least.unwrap_or(0), &mut self.dice)
        };
        let Some(mut disk) = disk else { return };
        disk.crashes = 0;
        let hardware = if is_elsewhere { "pc-elsewhere".to_owned() } else { station.hardware.clone() };
        let alone_until = self.tick + if self.dice.roll(2) == 0 { 0 } else { self.dice.roll(200) };
        let node = Node { log, disk, alone_until, ..Node::new(&station.name, &hardware, self.breaks) };
        self.people.push(Person::new(&format!("copy-{}", self.nodes.len())));
        self.nodes.push(node);
        self.tally.copies += 1;
    }
}

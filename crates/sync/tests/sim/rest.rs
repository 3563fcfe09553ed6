//! How a day ends: nothing goes wrong any more, everybody is upgraded and talks until all know the same.

use crate::network::Packet;
use crate::world::{STATIONS, World};
use liangcang_sync::Room;

/// Rounds of talk after which all must know the same.
const ROUNDS: u64 = 200;

impl World {
    /// The end of all trouble; what was about to be done is done again first.
    pub fn settle(&mut self) -> Result<(), String> {
        self.network.heal();
        self.nodes.truncate(1 + STATIONS.len());
        self.people.truncate(1 + STATIONS.len());
        for index in 0..self.nodes.len() {
            self.nodes[index].disk.crashes = 0;
            self.nodes[index].restart(&mut self.dice);
            self.upgrade(index);
        }
        self.rest()?;
        for index in 0..self.nodes.len() {
            if let Some(words) = self.people[index].pending.take() {
                self.carry(index, words, true);
            }
        }
        self.rest()
    }

    /// Talks until all know the same.
    pub fn rest(&mut self) -> Result<(), String> {
        for round in 0..ROUNDS {
            if self.is_at_rest() {
                return Ok(());
            }
            self.tick += 1;
            if round > 4 && self.is_headless() {
                let works = (1..=STATIONS.len()).find(|index| self.nodes[*index].works());
                self.promote(works.ok_or("no station is left that could lead")?);
            }
            self.talk(round);
        }
        Err(self.unrest())
    }

    fn talk(&mut self, round: u64) {
        for index in 1..=STATIONS.len() {
            let others = [0, 1, 2, 3, 4].into_iter().filter(|other| *other != index);
            let mut peers: Vec<usize> = others.collect();
            if !self.nodes[index].leads() {
                let lead = self.lead_of(index).filter(|lead| *lead != index);
                let anybody = 1 + (index + round as usize) % STATIONS.len();
                peers.retain(|peer| *peer == lead.unwrap_or(anybody));
            }
            for peer in peers {
                if self.nodes[index].disk.kept.fresh {
                    let want = self.nodes[index].want();
                    self.network.send(self.tick, index, peer, want, &mut self.dice);
                }
                let message = Box::new(self.nodes[index].message(peer, Room::USUAL));
                let packet = Packet::Sync { message, reply: true };
                self.network.send(self.tick, index, peer, packet, &mut self.dice);
            }
        }
        // What was on its way before may still come late.
        while let Some((from, to, packet)) = self.network.deliver(self.tick, &mut self.dice) {
            self.arrive(from, to, packet);
        }
        for node in &mut self.nodes {
            node.disk.sync();
        }
    }

    fn is_at_rest(&self) -> bool {
        let first = &self.nodes[0].disk.kept;
        !self.is_headless()
            && self.network.is_empty()
            && self.nodes.iter().all(|node| {
                let kept = &node.disk.kept;
                !kept.fresh
                    && kept.aside.is_empty()
                    && kept.marks == first.marks
                    && kept.term == first.term
                    && node.disk.durable == kept.marks.cursors()
            })
    }

    fn unrest(&self) -> String {
        let mut text = "they never come to know the same:".to_owned();
        for node in &self.nodes {
            let kept = &node.disk.kept;
            let logs: Vec<String> = kept
                .marks
                .iter()
                .map(|(log, mark)| format!("{}/{} {} {:?}", log.writer, log.epoch, mark.seq, mark.chain))
                .collect();
            let term = kept.term.as_ref().map(|term| (term.number, &term.lead.writer, term.lead.epoch));
            text += &format!(
                "\n  {}/{} fresh {} aside {} term {term:?}: {}",
                node.name,
                node.log.epoch,
                kept.fresh,
                kept.aside.len(),
                logs.join(", ")
            );
        }
        text
    }
}

//! How a fresh replica is filled: it fetches its lead's snapshot piece by piece, and what it has survives a crash.

use crate::breaks::Breaks;
use crate::dice::Dice;
use crate::disk::{Crashed, Write};
use crate::network::Packet;
use crate::node::Node;
use crate::word::{Line, Word};
use liangcang_sync::snapshot::{Assembly, Manifest};
use liangcang_sync::{Digest, Entry};
use std::rc::Rc;

/// Small, so that a snapshot has many pieces.
const PIECE_BYTES: usize = 900;

impl Node {
    /// What a fresh replica asks for next.
    pub fn want(&mut self) -> Packet {
        if self.memory.assembly.is_none()
            && let Some((manifest, pieces)) = &self.disk.kept.fetching
        {
            let kept = pieces.iter().map(|(index, bytes)| (*index, bytes.as_slice()));
            self.memory.assembly = Assembly::resume(manifest.clone(), kept).ok();
        }
        let missing = self.memory.assembly.as_ref().and_then(|assembly| {
            assembly.missing().next().map(|index| (Some(assembly.manifest().whole), index))
        });
        let (whole, index) = missing.unwrap_or((None, 0));
        Packet::Want { whole, index }
    }

    /// A piece of the snapshot that is asked for, or another snapshot where that one is gone.
    pub fn offer(&mut self, whole: Option<Digest>, index: u64) -> Packet {
        if let Some((manifest, bytes)) = &self.memory.offered
            && Some(manifest.whole) == whole
            && let Some(range) = manifest.range(index)
        {
            let bytes = bytes[range.start as usize..range.end as usize].to_vec();
            return Packet::Piece { whole: manifest.whole, index, bytes };
        }
        // Only what is durable may be told.
        self.disk.sync();
        let kept = &self.disk.kept;
        let entries: Vec<&Entry> =
            kept.logs.values().flat_map(|log| log.values().map(|(line, _)| &line.entry)).collect();
        let bytes = serde_json::to_vec(&entries).expect("entries can be written");
        let manifest = Manifest::of(&bytes, PIECE_BYTES, kept.marks.clone());
        self.memory.offered = Some((manifest.clone(), bytes));
        Packet::Offer(manifest)
    }

    /// Begins to fetch an offered snapshot, unless it does already.
    pub fn take_offer(&mut self, manifest: Manifest, dice: &mut Dice) -> Result<(), Crashed> {
        let same = |assembly: &Assembly| *assembly.manifest() == manifest;
        if !self.disk.kept.fresh || self.memory.assembly.as_ref().is_some_and(same) {
            return Ok(());
        }
        self.memory.assembly = Assembly::begin(manifest.clone()).ok();
        self.disk.commit(vec![Write::Fetching(manifest)], false, dice)
    }

    /// Takes a piece; the last one fills the replica.
    pub fn take_piece(
        &mut self,
        whole: Digest,
        index: u64,
        bytes: Vec<u8>,
        dice: &mut Dice,
    ) -> Result<(), Crashed> {
        let is_careless = self.breaks == Breaks::TakesAnyPiece;
        let Some(assembly) = self.memory.assembly.as_mut().filter(|_| self.disk.kept.fresh) else {
            return Ok(());
        };
        if assembly.manifest().whole != whole {
            return Ok(());
        }
        if assembly.take(index, &bytes).is_err() && !is_careless {
            self.damaged += 1;
            return Ok(());
        }
        let is_all = assembly.missing().next().is_none();
        let pieces = assembly.manifest().pieces.len();
        self.disk.commit(vec![Write::Piece(index, bytes)], false, dice)?;
        let here = self.disk.kept.fetching.as_ref().map_or(0, |(_, pieces)| pieces.len());
        if is_all || (is_careless && here == pieces) { self.fill(dice) } else { Ok(()) }
    }

    fn fill(&mut self, dice: &mut Dice) -> Result<(), Crashed> {
        let Some((manifest, pieces)) = self.disk.kept.fetching.clone() else { return Ok(()) };
        let bytes: Vec<u8> = pieces.into_values().flatten().collect();
        let is_whole = manifest.verify(&bytes).is_ok() || self.breaks == Breaks::TakesAnyPiece;
        let entries: Option<Vec<Entry>> = is_whole.then(|| serde_json::from_slice(&bytes).ok()).flatten();
        let Some(entries) = entries else {
            self.memory.assembly = None;
            return Ok(());
        };
        let lines = entries.into_iter().map(|entry| Rc::new(Line::read(entry)));
        let (apply, aside): (Vec<_>, Vec<_>) =
            lines.partition(|line| line.entry.schema <= self.disk.kept.schema);
        let promoted = apply.iter().filter_map(|line| match &line.said.word {
            Word::Promoted(term) => Some(term.clone()),
            _ => None,
        });
        let term = promoted.chain(self.disk.kept.term.clone()).max().map(Write::Term);
        let mut writes = vec![Write::Lines { apply, aside }, Write::Marks(manifest.marks), Write::Filled];
        writes.extend(term);
        self.disk.commit(writes, true, dice)
    }
}

//! Snapshots: what a fresh replica starts from, cut into pieces that are fetched one by one and may be fetched again.
//!
//! Each piece has a digest and the whole has one, so a piece that arrives wrong is never taken, a fetch that broke off
//! goes on where it was, even after a restart, and pieces of two snapshots are never mixed. What the bytes say and how
//! they are packed is the caller's, who also keeps them.

use crate::{Digest, Marks};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::ops::Range;

/// The most a snapshot may be: nobody is made to fetch without end.
pub const LONGEST_BYTES: u64 = 4 << 30;

/// What a snapshot is made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Of all bytes; also the snapshot's name.
    pub whole: Digest,
    /// All bytes.
    pub bytes: u64,
    /// Bytes of every piece but the last.
    pub piece_bytes: u64,
    /// Of each piece.
    pub pieces: Vec<Digest>,
    /// Where the logs go on after it.
    pub marks: Marks,
}

/// Why a manifest or a piece is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Its numbers contradict each other or are out of bounds.
    #[error("the snapshot's manifest contradicts itself; ask the other side for a new snapshot")]
    Manifest,
    /// There is no such piece.
    #[error("the snapshot has {pieces} pieces and no piece {index}")]
    NoPiece {
        /// What was offered.
        index: u64,
        /// How many there are.
        pieces: u64,
    },
    /// A piece is not what the manifest says.
    #[error("piece {index} of the snapshot arrived damaged; it is fetched again")]
    Piece {
        /// Which.
        index: u64,
    },
    /// All pieces together are not what the manifest says.
    #[error("the snapshot is damaged as a whole; it is fetched anew")]
    Whole,
}

impl Manifest {
    /// Cuts `bytes` into pieces of `piece_bytes`, at least one byte each. O(bytes).
    #[must_use]
    pub fn of(bytes: &[u8], piece_bytes: usize, marks: Marks) -> Self {
        let piece_bytes = piece_bytes.max(1);
        let pieces = bytes.chunks(piece_bytes).map(|piece| Digest::of(&[piece])).collect();
        let (whole, piece_bytes) = (Digest::of(&[bytes]), piece_bytes as u64);
        Self { whole, bytes: bytes.len() as u64, piece_bytes, pieces, marks }
    }

    /// The bytes of piece `index`; `None` where there is no such piece.
    #[must_use]
    pub fn range(&self, index: u64) -> Option<Range<u64>> {
        let start = index.checked_mul(self.piece_bytes).filter(|start| *start < self.bytes)?;
        Some(start..self.bytes.min(start.saturating_add(self.piece_bytes)))
    }

    fn check(&self) -> Result<(), Unfit> {
        let fits = self.piece_bytes > 0
            && self.bytes <= LONGEST_BYTES
            && self.pieces.len() as u64 == self.bytes.div_ceil(self.piece_bytes);
        if fits { Ok(()) } else { Err(Unfit::Manifest) }
    }

    /// Whether these are its bytes: asked once, before they are read.
    ///
    /// # Errors
    /// [`Unfit::Whole`].
    pub fn verify(&self, bytes: &[u8]) -> Result<(), Unfit> {
        if Digest::of(&[bytes]) == self.whole { Ok(()) } else { Err(Unfit::Whole) }
    }
}

/// Which pieces of a snapshot are here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assembly {
    manifest: Manifest,
    missing: BTreeSet<u64>,
}

impl Assembly {
    /// Nothing is here yet.
    ///
    /// # Errors
    /// [`Unfit::Manifest`].
    pub fn begin(manifest: Manifest) -> Result<Self, Unfit> {
        manifest.check()?;
        let missing = (0..manifest.pieces.len() as u64).collect();
        Ok(Self { manifest, missing })
    }

    /// Goes on with the pieces that were kept; those that do not fit are missing.
    ///
    /// # Errors
    /// [`Unfit::Manifest`].
    pub fn resume<'a>(
        manifest: Manifest,
        kept: impl IntoIterator<Item = (u64, &'a [u8])>,
    ) -> Result<Self, Unfit> {
        let mut assembly = Self::begin(manifest)?;
        for (index, piece) in kept {
            if assembly.fits(index, piece).is_ok() {
                assembly.missing.remove(&index);
            }
        }
        Ok(assembly)
    }

    /// What is assembled.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The pieces to fetch, in order; none when all are here.
    pub fn missing(&self) -> impl Iterator<Item = u64> {
        self.missing.iter().copied()
    }

    /// Takes a piece, which the caller then keeps. One that is here already is taken again without harm.
    ///
    /// # Errors
    /// [`Unfit::NoPiece`], [`Unfit::Piece`]; it is missing as before then.
    pub fn take(&mut self, index: u64, piece: &[u8]) -> Result<(), Unfit> {
        self.fits(index, piece)?;
        self.missing.remove(&index);
        Ok(())
    }

    fn fits(&self, index: u64, piece: &[u8]) -> Result<(), Unfit> {
        let pieces = self.manifest.pieces.len() as u64;
        let wanted = usize::try_from(index).ok().and_then(|index| self.manifest.pieces.get(index));
        let wanted = wanted.ok_or(Unfit::NoPiece { index, pieces })?;
        if Digest::of(&[piece]) == *wanted { Ok(()) } else { Err(Unfit::Piece { index }) }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
    use super::*;

    fn bytes() -> Vec<u8> {
        (0..=255).cycle().take(1_000).collect()
    }

    fn piece<'a>(manifest: &Manifest, bytes: &'a [u8], index: u64) -> &'a [u8] {
        let range = manifest.range(index).unwrap();
        &bytes[usize::try_from(range.start).unwrap()..usize::try_from(range.end).unwrap()]
    }

    #[test]
    fn a_fetch_that_broke_off_goes_on_and_a_wrong_piece_is_fetched_again() {
        let bytes = bytes();
        let manifest = Manifest::of(&bytes, 300, Marks::default());
        assert_eq!(
            (manifest.pieces.len(), manifest.range(3), manifest.range(4)),
            (4, Some(900..1_000), None)
        );
        let mut assembly = Assembly::begin(manifest.clone()).unwrap();
        assembly.take(2, piece(&manifest, &bytes, 2)).unwrap();
        assert_eq!(assembly.take(1, piece(&manifest, &bytes, 0)), Err(Unfit::Piece { index: 1 }));
        assert_eq!(assembly.take(4, b""), Err(Unfit::NoPiece { index: 4, pieces: 4 }));
        assert_eq!(assembly.missing().collect::<Vec<_>>(), [0, 1, 3]);

        let kept = [(2, piece(&manifest, &bytes, 2)), (3, b"torn".as_slice())];
        let mut assembly = Assembly::resume(manifest.clone(), kept).unwrap();
        assert_eq!(assembly.missing().collect::<Vec<_>>(), [0, 1, 3]);
        for index in [0, 1, 3] {
            assembly.take(index, piece(&manifest, &bytes, index)).unwrap();
        }
        assert_eq!(assembly.missing().next(), None);
        assert_eq!(manifest.verify(&bytes), Ok(()));
        assert_eq!(manifest.verify(&bytes[1..]), Err(Unfit::Whole));
    }

    #[test]
    fn a_manifest_that_contradicts_itself_is_refused() {
        let good = Manifest::of(&bytes(), 300, Marks::default());
        let too_few = Manifest { pieces: good.pieces[1..].to_vec(), ..good.clone() };
        let no_size = Manifest { piece_bytes: 0, ..good.clone() };
        let too_long = Manifest { bytes: u64::MAX, ..good.clone() };
        for wrong in [too_few, no_size, too_long] {
            assert_eq!(Assembly::begin(wrong), Err(Unfit::Manifest));
        }
        assert!(Assembly::begin(Manifest::of(b"", 300, Marks::default())).is_ok());
    }
}

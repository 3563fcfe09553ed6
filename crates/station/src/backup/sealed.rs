//! A sealed file: pieces of AES-256-GCM, each bound to its file, its place and whether it is the last, so that none can
//! be changed, moved, left out or cut off unnoticed. Knows not what is in it.

use anyhow::{Context as _, Result, ensure};
use liangcang_domain::seal::SealKey;
use std::io::{self, Read, Write};

const MAGIC: &[u8; 8] = b"LCBACK01";
/// Plain bytes of a piece.
const PIECE: usize = 1 << 20;
/// No sealed piece is longer: a length above it is no length.
const LONGEST: usize = PIECE + 64;

fn place(id: [u8; 16], index: u64, last: bool) -> String {
    let id = u128::from_be_bytes(id);
    format!("backup:{id:032x}:{index}:{}", if last { "last" } else { "more" })
}

/// Seals what is written through it.
pub(super) struct Sealing<W> {
    key: SealKey,
    id: [u8; 16],
    index: u64,
    piece: Vec<u8>,
    out: W,
}

impl<W: Write> Sealing<W> {
    /// Begins a sealed file.
    pub(super) fn begin(key: SealKey, mut out: W) -> Result<Self> {
        let id = crate::secret::random()?;
        out.write_all(MAGIC)?;
        out.write_all(&id)?;
        Ok(Self { key, id, index: 0, piece: Vec::with_capacity(PIECE), out })
    }

    fn close_piece(&mut self, last: bool) -> io::Result<()> {
        let nonce = crate::secret::random().map_err(io::Error::other)?;
        let sealed = self.key.seal(&place(self.id, self.index, last), nonce, &self.piece);
        let length = u32::try_from(sealed.len()).map_err(io::Error::other)?;
        self.out.write_all(&length.to_be_bytes())?;
        self.out.write_all(&sealed)?;
        self.piece.clear();
        self.index += 1;
        Ok(())
    }

    /// Seals the last piece; without it the file does not open.
    pub(super) fn finish(mut self) -> Result<W> {
        self.close_piece(true)?;
        Ok(self.out)
    }
}

impl<W: Write> Write for Sealing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.piece.len() == PIECE {
            self.close_piece(false)?;
        }
        let taken = bytes.len().min(PIECE - self.piece.len());
        self.piece.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Opens what [`Sealing`] sealed, as it is read.
pub(super) struct Opening<R> {
    key: SealKey,
    id: [u8; 16],
    index: u64,
    next: Option<Vec<u8>>,
    piece: io::Cursor<Vec<u8>>,
    from: R,
}

impl<R: Read> Opening<R> {
    /// Begins to read a sealed file.
    pub(super) fn begin(key: SealKey, mut from: R) -> Result<Self> {
        let mut magic = [0; MAGIC.len()];
        let mut id = [0; 16];
        let read = from.read_exact(&mut magic).and_then(|()| from.read_exact(&mut id));
        read.context("this is no backup: it is too short")?;
        ensure!(magic == *MAGIC, "this is no backup of a station");
        let mut opening = Self { key, id, index: 0, next: None, piece: io::Cursor::default(), from };
        opening.next = opening.sealed_piece()?;
        ensure!(opening.next.is_some(), "the backup was cut off behind its head");
        Ok(opening)
    }

    fn sealed_piece(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut length = [0; 4];
        match self.from.read_exact(&mut length) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            other => other?,
        }
        let length = u32::from_be_bytes(length) as usize;
        if length > LONGEST {
            return Err(io::Error::other("the backup is damaged: a piece has no length"));
        }
        let mut sealed = vec![0; length];
        self.from.read_exact(&mut sealed)?;
        Ok(Some(sealed))
    }

    fn open_piece(&mut self, sealed: &[u8]) -> io::Result<()> {
        self.next = self.sealed_piece()?;
        let place = place(self.id, self.index, self.next.is_none());
        let plain = self.key.open(&place, sealed).map_err(|_| {
            io::Error::other(format!(
                "piece {} of the backup does not open: another key, changed bytes, or the file was cut off",
                self.index + 1
            ))
        })?;
        self.piece = io::Cursor::new(plain);
        self.index += 1;
        Ok(())
    }
}

impl<R: Read> Read for Opening<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.piece.read(into)?;
            if read > 0 || into.is_empty() {
                return Ok(read);
            }
            let Some(sealed) = self.next.take() else { return Ok(0) };
            self.open_piece(&sealed)?;
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;

    fn key(secret: u8) -> SealKey {
        SealKey::new(&[secret; 32])
    }

    fn sealed(plain: &[u8]) -> Vec<u8> {
        let mut sealing = Sealing::begin(key(7), Vec::new()).unwrap();
        sealing.write_all(plain).unwrap();
        sealing.finish().unwrap()
    }

    fn opened(secret: u8, bytes: &[u8]) -> Result<Vec<u8>> {
        let mut plain = Vec::new();
        Opening::begin(key(secret), bytes)?.read_to_end(&mut plain)?;
        Ok(plain)
    }

    fn bytes(count: usize) -> Vec<u8> {
        (0..count).map(|at| u8::try_from(at % 251).unwrap()).collect()
    }

    #[test]
    fn what_was_sealed_opens_whole_whatever_its_length() {
        for count in [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE] {
            assert_eq!(opened(7, &sealed(&bytes(count))).unwrap(), bytes(count), "{count}");
        }
    }

    #[test]
    fn a_changed_byte_anywhere_and_another_key_open_nothing() {
        let whole = sealed(&bytes(100));
        assert!(opened(8, &whole).is_err());
        for at in 0..whole.len() {
            let mut changed = whole.clone();
            changed[at] ^= 1;
            assert!(opened(7, &changed).is_err(), "byte {at}");
        }
    }

    #[test]
    fn a_backup_that_was_cut_off_or_put_together_anew_does_not_open() {
        let whole = sealed(&bytes(2 * PIECE + 5));
        let (head, one) = (24, PIECE + 29 + 4);
        for length in [0, 7, 24, 27, head + one, head + 2 * one, whole.len() - 1] {
            assert!(opened(7, &whole[..length]).is_err(), "{length} bytes");
        }
        let swapped = [&whole[..head], &whole[head + one..head + 2 * one], &whole[head..head + one]].concat();
        assert!(opened(7, &[&swapped[..], &whole[head + 2 * one..]].concat()).is_err());
    }
}

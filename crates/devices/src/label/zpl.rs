//! A bitmap as a ZPL II job: one label, one graphic field, no font and no text of the printer's own.
//!
//! The field travels as Z64 (zlib, then base64, with a CRC over the base64 text), about a thirtieth of plain
//! hex. Speed and darkness are left as they are set at the printer.

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::ZlibEncoder;

use super::raster::Bitmap;

/// The job that prints the bitmap once on paper with gaps, torn off by hand.
pub fn zpl_job(bitmap: &Bitmap) -> Vec<u8> {
    let packed = STANDARD.encode(deflate(&bitmap.bits));
    let crc = crc16_xmodem(packed.as_bytes());
    let (width, height, row, total) = (bitmap.width, bitmap.height, bitmap.row_bytes, bitmap.bits.len());
    format!(
        "^XA^PW{width}^LL{height}^LH0,0^PON^MNY^MMT^PQ1^FO0,0^GFA,{total},{total},{row},:Z64:{packed}:{crc:04X}^FS^XZ\n"
    )
    .into_bytes()
}

#[expect(clippy::expect_used, reason = "writing into memory has nothing that could fail")]
fn deflate(bits: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::with_capacity(16 * 1024), Compression::new(4));
    encoder.write_all(bits).and_then(|()| encoder.finish()).expect("a vector takes all bytes")
}

/// Polynomial 0x1021, start 0, as the printer checks it.
fn crc16_xmodem(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0u16, |crc, byte| {
        (0..8).fold(crc ^ (u16::from(*byte) << 8), |crc, _| {
            if crc & 0x8000 == 0 { crc << 1 } else { (crc << 1) ^ 0x1021 }
        })
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;
    use std::io::Read;

    #[test]
    fn the_crc_is_the_published_one() {
        assert_eq!(crc16_xmodem(b"123456789"), 0x31c3);
    }

    #[test]
    fn the_job_carries_the_bitmap_exactly() {
        let bitmap = Bitmap {
            width: 12,
            height: 3,
            row_bytes: 2,
            bits: vec![0x80, 0x10, 0xff, 0xf0, 0, 0],
            missing: Vec::new(),
        };
        let job = String::from_utf8(zpl_job(&bitmap)).unwrap();
        let head = "^XA^PW12^LL3^LH0,0^PON^MNY^MMT^PQ1^FO0,0^GFA,6,6,2,:Z64:";
        let tail = job.strip_prefix(head).unwrap().strip_suffix("^FS^XZ\n").unwrap();
        let (packed, crc) = tail.split_once(':').unwrap();
        assert_eq!(crc, format!("{:04X}", crc16_xmodem(packed.as_bytes())));
        let mut bits = Vec::new();
        let zipped = STANDARD.decode(packed).unwrap();
        flate2::read::ZlibDecoder::new(zipped.as_slice()).read_to_end(&mut bits).unwrap();
        assert_eq!(bits, bitmap.bits);
    }
}

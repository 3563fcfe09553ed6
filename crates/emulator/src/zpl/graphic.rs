//! The graphic field `^GFA`: plain hexadecimal, hexadecimal with repeat letters (ACS), and `:Z64:` or
//! `:B64:` with their check value.

use std::io::Read;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::bitmap::Bitmap;

/// A graphic beyond this is refused: more than any label of a four-inch printer needs.
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// Reads the parameters behind `^GF`, that is `A,<data bytes>,<total bytes>,<bytes per row>,<data>`.
/// An error is an English sentence for the job's record.
pub fn read(parameters: &[u8]) -> Result<Bitmap, String> {
    let mut parts = parameters.splitn(5, |&byte| byte == b',');
    let mut next = || parts.next().ok_or("^GF has fewer than five parameters".to_owned());
    let (kind, _sent, total, row_bytes, data) = (next()?, next()?, next()?, next()?, next()?);
    if kind != b"A" {
        return Err(format!("^GF{} is not understood, only ^GFA", String::from_utf8_lossy(kind)));
    }
    let (total, row_bytes) = (number(total, "total bytes")?, number(row_bytes, "bytes per row")?);
    if row_bytes == 0 || total > MOST_BYTES || !total.is_multiple_of(row_bytes) {
        return Err(format!("^GF of {total} bytes in rows of {row_bytes} makes no picture"));
    }
    let bits = match data.strip_prefix(b":") {
        Some(encoded) => read_encoded(encoded, total)?,
        None => read_hexadecimal(data, total, row_bytes)?,
    };
    if bits.len() != total {
        return Err(format!("^GF announced {total} bytes and brought {}", bits.len()));
    }
    Ok(Bitmap::from_rows(row_bytes, bits))
}

fn number(text: &[u8], what: &str) -> Result<usize, String> {
    let text = String::from_utf8_lossy(text);
    text.trim().parse().map_err(|_| format!("^GF: {what} is {text:?}, not a number"))
}

/// `Z64:<base64>:<CRC>` or `B64:<base64>:<CRC>`, without the leading colon.
fn read_encoded(encoded: &[u8], most: usize) -> Result<Vec<u8>, String> {
    let text: Vec<u8> = encoded.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let text = String::from_utf8_lossy(&text).into_owned();
    let parts: Vec<&str> = text.split(':').collect();
    let [kind, base64, check] = parts[..] else {
        return Err("^GF: the encoded data is not <kind>:<base64>:<check>".to_owned());
    };
    let own = format!("{:04X}", crc16_xmodem(base64.as_bytes()));
    if !own.eq_ignore_ascii_case(check) {
        return Err(format!("^GF: the check value is {check}, the data gives {own}"));
    }
    let bytes = STANDARD.decode(base64).map_err(|fault| format!("^GF: not base64: {fault}"))?;
    match kind {
        "B64" => Ok(bytes),
        "Z64" => {
            let mut bits = Vec::new();
            // One byte more than allowed is read, so that too much data is noticed without reading it all.
            flate2::read::ZlibDecoder::new(bytes.as_slice())
                .take(most as u64 + 1)
                .read_to_end(&mut bits)
                .map_err(|fault| format!("^GF: not a zlib stream: {fault}"))?;
            Ok(bits)
        }
        _ => Err(format!("^GF: {kind} is neither Z64 nor B64")),
    }
}

/// Hexadecimal with the repeat letters: `G`–`Y` count 1–19, `g`–`z` count 20–400, both add up before a
/// digit; `,` fills the row with white, `!` with black, `:` repeats the row above.
fn read_hexadecimal(data: &[u8], total: usize, row_bytes: usize) -> Result<Vec<u8>, String> {
    let row_digits = row_bytes * 2;
    let wanted = total * 2;
    let mut digits: Vec<u8> = Vec::with_capacity(wanted);
    let mut count = 0;
    for &byte in data {
        let rest_of_row = row_digits - digits.len() % row_digits;
        match byte {
            b'G'..=b'Y' => count += usize::from(byte - b'G') + 1,
            b'g'..=b'z' => count += (usize::from(byte - b'g') + 1) * 20,
            b',' => digits.extend(std::iter::repeat_n(0x0, rest_of_row)),
            b'!' => digits.extend(std::iter::repeat_n(0xf, rest_of_row)),
            b':' => {
                let start =
                    digits.len().checked_sub(row_digits).ok_or("^GF: `:` has no row above to repeat")?;
                digits.extend_from_within(start..);
            }
            b'\r' | b'\n' | b' ' => {}
            _ => {
                let digit = char::from(byte).to_digit(16);
                let digit =
                    digit.ok_or_else(|| format!("^GF: {:?} is no hexadecimal digit", char::from(byte)))?;
                digits.extend(std::iter::repeat_n(digit as u8, count.max(1)));
                count = 0;
            }
        }
        if digits.len() > wanted {
            return Err(format!("^GF brought more than the {total} bytes it announced"));
        }
    }
    if count != 0 {
        return Err("^GF: a repeat count has no digit behind it".to_owned());
    }
    Ok(digits.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or(0)).collect())
}

/// CRC-16/XMODEM (polynomial 0x1021, start 0), which ZPL takes over the base64 text.
pub fn crc16_xmodem(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |mut crc, &byte| {
        crc ^= u16::from(byte) << 8;
        for _ in 0..8 {
            crc = if crc & 0x8000 == 0 { crc << 1 } else { crc << 1 ^ 0x1021 };
        }
        crc
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use std::io::Write;

    use super::*;

    /// 32 x 5 dots: a row of its own, the same again, a black row, a white row, a row with a white end.
    const ROWS: [[u8; 4]; 5] =
        [[0xf0, 0, 0, 0x01], [0xf0, 0, 0, 0x01], [0xff; 4], [0; 4], [0xaa, 0xaa, 0, 0]];

    fn z64(check_of: impl Fn(&str) -> String) -> String {
        let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        zlib.write_all(ROWS.as_flattened()).unwrap();
        let base64 = STANDARD.encode(zlib.finish().unwrap());
        format!("A,20,20,4,:Z64:{base64}:{}", check_of(&base64))
    }

    fn right_check(base64: &str) -> String {
        format!("{:04X}", crc16_xmodem(base64.as_bytes()))
    }

    #[test]
    fn the_check_value_of_the_standard_example_is_31c3() {
        assert_eq!(crc16_xmodem(b"123456789"), 0x31c3);
    }

    #[test]
    fn plain_repeat_coded_and_zlib_data_give_the_same_dots() {
        let hexadecimal: String = ROWS.as_flattened().iter().map(|byte| format!("{byte:02X}")).collect();
        let plain = read(format!("A,20,20,4,{hexadecimal}").as_bytes()).unwrap();
        let repeat_coded = read(b"A,20,20,4,FL01:!,JA,").unwrap();
        let zlib = read(z64(right_check).as_bytes()).unwrap();
        assert_eq!(plain, Bitmap::from_rows(4, ROWS.as_flattened().to_vec()));
        assert_eq!(repeat_coded, plain);
        assert_eq!(zlib, plain);
    }

    #[test]
    fn repeat_letters_add_up_before_their_digit() {
        // h = 40, I = 3: 43 digits F, then one 0.
        let bits = read(b"A,22,22,22,hIF0").unwrap();
        assert_eq!((0..176).filter(|&x| bits.is_black(x, 0)).count(), 43 * 4);
    }

    #[test]
    fn a_wrong_check_value_is_refused() {
        let fault = read(z64(|_| "0000".to_owned()).as_bytes()).unwrap_err();
        assert!(fault.contains("check value is 0000"), "{fault}");
    }

    #[test]
    fn damaged_or_boastful_graphics_are_refused_by_name() {
        for (parameters, word) in [
            ("B,4,4,4,....", "^GFB"),
            ("A,4,4", "five parameters"),
            ("A,4,4,0,00", "makes no picture"),
            ("A,4,x,4,00", "total bytes"),
            ("A,4,4,4,00", "brought 1"),
            ("A,4,4,4,0011223344", "more than the 4"),
            ("A,4,4,4,0#112233", "no hexadecimal"),
            ("A,4,4,4,00112233G", "no digit behind"),
            ("A,4,4,4,00:", "no row above"),
            ("A,4,4,4,:Q64:AAAA:", "check value"),
        ] {
            let fault = read(parameters.as_bytes()).unwrap_err();
            assert!(fault.contains(word), "{parameters} gave: {fault}");
        }
    }
}

//! Bytes of a text file -> text: UTF-8 with or without its mark, else GB18030 (which GBK is part of).
//!
//! Decided by validity alone, never by likelihood: a file that is neither is refused with the byte at which each
//! reading failed. UTF-16 is told by its mark or its zero bytes and refused by name.

use std::borrow::Cow;

use encoding_rs::{DecoderResult, GB18030};

use super::file_fault::FileFault;

const UTF8_MARK: &[u8] = b"\xEF\xBB\xBF";

/// The text of the file.
///
/// # Errors
/// UTF-16, zero bytes, or bytes that are neither UTF-8 nor GB18030.
pub fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, FileFault> {
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") || has_utf16_zeros(bytes) {
        return Err(FileFault::Utf16);
    }
    let marked = bytes.strip_prefix(UTF8_MARK);
    let body = marked.unwrap_or(bytes);
    let text = match std::str::from_utf8(body) {
        Ok(text) => Cow::Borrowed(text),
        Err(fault) => {
            let utf8_at = fault.valid_up_to() + bytes.len() - body.len();
            if marked.is_some() {
                return Err(FileFault::Undecodable { utf8_at, gb18030_at: None });
            }
            let decoded = decode_gb18030(bytes);
            Cow::Owned(decoded.map_err(|at| FileFault::Undecodable { utf8_at, gb18030_at: Some(at) })?)
        }
    };
    match text.find('\0') {
        Some(at) => Err(FileFault::ZeroByte { at }),
        None => Ok(text),
    }
}

/// Without its mark, UTF-16 of a table shows in zero bytes at every other place of the first commas and digits.
fn has_utf16_zeros(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(256)];
    let zeros = |parity: usize| head.iter().skip(parity).step_by(2).filter(|b| **b == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    head.len() >= 8 && (even == 0) != (odd == 0) && (even + odd) * 10 >= head.len()
}

/// The decoded text, or the offset of the first byte that is not GB18030.
fn decode_gb18030(bytes: &[u8]) -> Result<String, usize> {
    let mut decoder = GB18030.new_decoder_without_bom_handling();
    let room = decoder.max_utf8_buffer_length_without_replacement(bytes.len()).unwrap_or(bytes.len());
    let mut text = String::with_capacity(room);
    let (result, read) = decoder.decode_to_string_without_replacement(bytes, &mut text, true);
    match result {
        DecoderResult::InputEmpty => Ok(text),
        DecoderResult::Malformed(bad, after) => Err(read - usize::from(bad) - usize::from(after)),
        DecoderResult::OutputFull => Err(read),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
    use super::*;

    #[test]
    fn utf8_is_read_with_and_without_its_mark() {
        assert_eq!(decode("主订单编号,㛃".as_bytes()).unwrap(), "主订单编号,㛃");
        assert_eq!(decode("\u{feff}主订单编号".as_bytes()).unwrap(), "主订单编号");
    }

    #[test]
    fn gb18030_is_read_with_characters_of_two_and_of_four_bytes() {
        // 龘 is in GBK; 㛃 and 𠮷 need four bytes each.
        let bytes = [&[0xFD, 0x93][..], &GB18030.encode("㛃𠮷").0].concat();
        assert_eq!(decode(&bytes).unwrap(), "龘㛃𠮷");
    }

    #[test]
    fn utf16_is_refused_by_name_with_and_without_its_mark() {
        let plain: Vec<u8> = "order_no,qty,name".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let marked = [b"\xFF\xFE", plain.as_slice()].concat();
        let big: Vec<u8> = "order_no,qty,name".encode_utf16().flat_map(u16::to_be_bytes).collect();
        for bytes in [plain, marked, big] {
            assert_eq!(decode(&bytes), Err(FileFault::Utf16));
        }
    }

    #[test]
    fn a_wrong_encoding_is_refused_saying_at_which_byte() {
        // 0xFF begins nothing in either encoding.
        assert_eq!(decode(b"abc,\xFF,def"), Err(FileFault::Undecodable { utf8_at: 4, gb18030_at: Some(4) }));
        assert_eq!(
            decode(b"\xEF\xBB\xBFabc\xB4\xF3"),
            Err(FileFault::Undecodable { utf8_at: 6, gb18030_at: None }),
            "a file that says it is UTF-8 is not tried as GB18030"
        );
    }

    #[test]
    fn a_text_cut_inside_a_character_is_refused() {
        let cut = &GB18030.encode("订单㛃").0[..7];
        assert!(matches!(decode(cut), Err(FileFault::Undecodable { gb18030_at: Some(4), .. })));
    }

    #[test]
    fn a_zero_byte_is_refused() {
        assert_eq!(decode(b"order_no,qty,name\0"), Err(FileFault::ZeroByte { at: 17 }));
    }
}

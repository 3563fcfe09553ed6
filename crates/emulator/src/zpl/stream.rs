//! Cuts the bytes that arrive at the printer into label formats and immediate commands.
//!
//! One receive buffer for the printer, not one for each connection: a format that broke off with its
//! sender stays in the buffer until the next `^XA` or `~JA`, as on the device.

/// A format longer than this is thrown away, so that a stream without `^XZ` cannot eat the memory.
const LONGEST_FORMAT: usize = 8 * 1024 * 1024;

/// Something complete the printer has heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// A whole label format, from `^XA` to `^XZ`.
    Format(Vec<u8>),
    /// A format that another `^XA` cut off, or that grew too long.
    BrokenOff(Vec<u8>),
    /// `~HS`: three status frames are wanted.
    HostStatus,
    /// `~HQES`: errors and warnings are wanted.
    ErrorsAndWarnings,
    /// `! U1 getvar "<name>"`.
    GetVariable(String),
    /// `~JA`: cancel everything in the buffer.
    CancelAll,
}

#[derive(Debug, Default)]
enum Place {
    #[default]
    Text,
    /// Behind a `~`: the letters so far.
    Immediate(Vec<u8>),
    /// In the parameters of an immediate command that means nothing here.
    Skipping,
    /// In a line that began with `!`.
    Line(Vec<u8>),
}

/// The printer's receive buffer.
#[derive(Debug, Default)]
pub struct Receiver {
    place: Place,
    format: Vec<u8>,
}

impl Receiver {
    /// Whether a format has begun and not ended.
    pub fn is_partial(&self) -> bool {
        self.format.starts_with(b"^XA")
    }

    /// Takes bytes as they come, in any pieces, and returns what they completed.
    pub fn take(&mut self, bytes: &[u8]) -> Vec<Heard> {
        let mut heard = Vec::new();
        for &byte in bytes {
            self.take_byte(byte, &mut heard);
        }
        heard
    }

    fn take_byte(&mut self, byte: u8, heard: &mut Vec<Heard>) {
        let outside_format = !self.is_partial();
        let ends_command = matches!(byte, b'^' | b'~' | b'\r' | b'\n');
        match &mut self.place {
            Place::Immediate(letters) if !ends_command => {
                letters.push(byte);
                self.place = self.immediate(heard);
            }
            Place::Skipping if !ends_command => {}
            Place::Line(line) if !matches!(byte, b'\r' | b'\n') => {
                line.push(byte);
                if line.len() > 1024 {
                    self.place = Place::Text;
                }
            }
            Place::Line(line) => {
                heard.extend(variable_asked(line));
                self.place = Place::Text;
            }
            _ if byte == b'~' => self.place = Place::Immediate(Vec::new()),
            _ if byte == b'!' && outside_format => self.place = Place::Line(Vec::new()),
            _ => {
                self.place = Place::Text;
                self.text(byte, heard);
            }
        }
    }

    /// Looks at the letters behind `~`; queries are answered at once, without waiting for a line end.
    fn immediate(&mut self, heard: &mut Vec<Heard>) -> Place {
        let Place::Immediate(letters) = std::mem::take(&mut self.place) else { return Place::Text };
        match letters.as_slice() {
            b"HS" => heard.push(Heard::HostStatus),
            b"HQES" => heard.push(Heard::ErrorsAndWarnings),
            b"JA" => {
                self.format.clear();
                heard.push(Heard::CancelAll);
            }
            [_] | b"HQ" | [b'H', b'Q', _] => return Place::Immediate(letters),
            _ => return Place::Skipping,
        }
        Place::Text
    }

    fn text(&mut self, byte: u8, heard: &mut Vec<Heard>) {
        self.format.push(byte);
        if self.format.ends_with(b"^XA") {
            let before = self.format.len() - 3;
            let broken: Vec<u8> = self.format.drain(..before).collect();
            if broken.starts_with(b"^XA") {
                heard.push(Heard::BrokenOff(broken));
            }
        } else if self.is_partial() {
            if self.format.ends_with(b"^XZ") {
                heard.push(Heard::Format(std::mem::take(&mut self.format)));
            } else if self.format.len() > LONGEST_FORMAT {
                heard.push(Heard::BrokenOff(std::mem::take(&mut self.format)));
            }
        } else if self.format.len() > 3 {
            // Outside a format only a beginning `^XA` matters.
            self.format.drain(..1);
        }
    }
}

/// The name in ` U1 getvar "<name>"`; anything else behind `!` is not answered.
fn variable_asked(line: &[u8]) -> Option<Heard> {
    let line = String::from_utf8_lossy(line);
    let name = line.trim().strip_prefix("U1")?.trim_start().strip_prefix("getvar")?.trim();
    Some(Heard::GetVariable(name.trim_matches('"').to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_arriving_byte_by_byte_is_heard_once() {
        let mut receiver = Receiver::default();
        let heard: Vec<Heard> =
            b"\r\n^XA^FO0,0^FS^XZ\r\n".iter().flat_map(|byte| receiver.take(&[*byte])).collect();
        assert_eq!(heard, [Heard::Format(b"^XA^FO0,0^FS^XZ".to_vec())]);
        assert!(!receiver.is_partial());
    }

    #[test]
    fn queries_inside_a_format_are_heard_at_once_and_leave_it_whole() {
        let mut receiver = Receiver::default();
        assert_eq!(receiver.take(b"^XA^FO0,0~HS"), [Heard::HostStatus]);
        assert!(receiver.is_partial());
        assert_eq!(receiver.take(b"~SD15^FS^XZ"), [Heard::Format(b"^XA^FO0,0^FS^XZ".to_vec())]);
    }

    #[test]
    fn queries_need_no_line_end_but_variables_do() {
        let mut receiver = Receiver::default();
        assert_eq!(receiver.take(b"~HQES"), [Heard::ErrorsAndWarnings]);
        assert_eq!(receiver.take(b"! U1 getvar \"odometer.total_label_count\""), []);
        let name = "odometer.total_label_count".to_owned();
        assert_eq!(receiver.take(b"\r\n"), [Heard::GetVariable(name)]);
    }

    #[test]
    fn a_second_beginning_breaks_the_first_format_off() {
        let mut receiver = Receiver::default();
        let heard = receiver.take(b"^XA^FO1,1^XA^FO2,2^XZ");
        assert_eq!(heard, [Heard::BrokenOff(b"^XA^FO1,1".to_vec()), Heard::Format(b"^XA^FO2,2^XZ".to_vec())]);
    }

    #[test]
    fn cancelling_everything_forgets_a_half_format() {
        let mut receiver = Receiver::default();
        assert_eq!(receiver.take(b"^XA^FO1,1~JA"), [Heard::CancelAll]);
        assert!(!receiver.is_partial());
        assert_eq!(receiver.take(b"^XZ"), []);
    }

    #[test]
    fn unknown_immediate_commands_are_passed_over_with_their_parameters() {
        let mut receiver = Receiver::default();
        assert_eq!(receiver.take(b"~TA000~JSN^XA^XZ"), [Heard::Format(b"^XA^XZ".to_vec())]);
        assert_eq!(receiver.take(b"~HQSN~HS"), [Heard::HostStatus]);
    }
}

//! Answers of a ZPL printer: `~HS`, `~HQES` and the label counter. Pure; the questions are put in `link`.

/// Asks for the host status, three frames. A printer without paper, without ribbon or with its head open
/// may leave this unanswered.
pub const ASK_HOST_STATUS: &[u8] = b"~HS\r\n";
/// Asks for errors and warnings; answered even when `~HS` is not.
pub const ASK_ERRORS: &[u8] = b"~HQES\r\n";
/// Asks how many labels the printer has ever printed.
pub const ASK_ODOMETER: &[u8] = b"! U1 getvar \"odometer.total_label_count\"\r\n";

/// What hinders a printer, and what it still has to do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PrinterStatus {
    /// No paper.
    pub paper_out: bool,
    /// No ribbon, of a printer that needs one.
    pub ribbon_out: bool,
    /// The head is open.
    pub head_open: bool,
    /// Paused at its own key.
    pub paused: bool,
    /// The receive buffer is full.
    pub buffer_full: bool,
    /// Another fault: too hot, too cold, cutter, worn head, corrupt memory.
    pub faulty: bool,
    /// Formats received and not yet printed.
    pub formats_waiting: u32,
    /// Labels of the present format that are still to come.
    pub labels_remaining: u32,
}

impl PrinterStatus {
    /// Nothing hinders printing.
    pub fn is_ready(&self) -> bool {
        !(self.paper_out
            || self.ribbon_out
            || self.head_open
            || self.paused
            || self.buffer_full
            || self.faulty)
    }

    /// Nothing is waiting to be printed.
    pub fn is_idle(&self) -> bool {
        self.formats_waiting == 0 && self.labels_remaining == 0
    }
}

/// Looks for the three frames `STX … ETX` of `~HS` in what has been received.
///
/// Frame 1 `aaa,b,c,dddd,eee,f,g,h,iii,j,k,l`: b paper out, c pause, eee formats waiting, f buffer full,
/// j corrupt memory, k too cold, l too hot. Frame 2 `mmm,n,o,p,q,r,s,t,uuuuuuuu,v,www`: n is not used,
/// o head open, p ribbon out, u labels remaining. Frame 3 tells nothing that is needed.
pub fn parse_host_status(received: &[u8]) -> Option<PrinterStatus> {
    let frames = frames(received);
    // The last three frames are the freshest answer, should two have arrived.
    let [.., first, second, _third] = frames.as_slice() else { return None };
    let first: Vec<&str> = first.split(',').map(str::trim).collect();
    let second: Vec<&str> = second.split(',').map(str::trim).collect();
    if first.len() < 12 || second.len() < 11 {
        return None;
    }
    let set = |fields: &[&str], index: usize| fields[index] == "1";
    Some(PrinterStatus {
        paper_out: set(&first, 1),
        paused: set(&first, 2),
        formats_waiting: first[4].parse().ok()?,
        buffer_full: set(&first, 5),
        faulty: set(&first, 9) || set(&first, 10) || set(&first, 11),
        head_open: set(&second, 2),
        ribbon_out: set(&second, 3),
        labels_remaining: second[8].parse().ok()?,
    })
}

fn frames(received: &[u8]) -> Vec<&str> {
    let mut frames = Vec::new();
    for part in received.split(|byte| *byte == 0x02).skip(1) {
        let Some(end) = part.iter().position(|byte| *byte == 0x03) else { continue };
        frames.extend(std::str::from_utf8(&part[..end]));
    }
    frames
}

/// Looks for the errors line of `~HQES`: `ERRORS: f gggggggg hhhhhhhh`, f is 1 when there is an error, the
/// last group holds the flags in hexadecimal. Warnings do not hinder printing and are left out.
pub fn parse_errors(received: &[u8]) -> Option<PrinterStatus> {
    let text = String::from_utf8_lossy(received);
    let (_, after) = text.rsplit_once("ERRORS:")?;
    // The warnings follow the errors, so an answer without them is not all there yet.
    let (errors, _) = after.split_once("WARNINGS:")?;
    let mut groups = errors.split_whitespace();
    let (flag, _high, low) = (groups.next()?, groups.next()?, groups.next()?);
    let bits = u32::from_str_radix(low, 16).ok()?;
    if flag != "1" {
        return Some(PrinterStatus::default());
    }
    let known = 0x1 | 0x2 | 0x4;
    Some(PrinterStatus {
        paper_out: bits & 0x1 != 0,
        ribbon_out: bits & 0x2 != 0,
        head_open: bits & 0x4 != 0,
        // An error without a flag that is known here is an error all the same.
        faulty: bits & !known != 0 || bits == 0,
        ..PrinterStatus::default()
    })
}

/// Looks for the counter, a number in quotation marks. `"?"` means the printer has none.
pub fn parse_odometer(received: &[u8]) -> Option<Odometer> {
    let text = String::from_utf8_lossy(received);
    let (before, _) = text.rsplit_once('"')?;
    let (_, value) = before.rsplit_once('"')?;
    Some(value.trim().parse().map_or(Odometer::Absent, Odometer::Labels))
}

/// The answer to [`ASK_ODOMETER`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Odometer {
    /// Labels printed in the printer's life.
    Labels(u64),
    /// This printer does not count.
    Absent,
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;

    const READY: &str = "\u{2}030,0,0,1245,000,0,0,0,000,0,0,0\u{3}\r\n\
        \u{2}000,0,0,0,0,2,4,0,00000000,1,000\u{3}\r\n\u{2}1234,0\u{3}\r\n";

    #[test]
    fn the_documented_frames_of_a_ready_printer_are_ready_and_idle() {
        let status = parse_host_status(READY.as_bytes()).unwrap();
        assert_eq!(status, PrinterStatus::default());
        assert!(status.is_ready() && status.is_idle());
    }

    #[test]
    fn head_and_ribbon_are_not_taken_from_the_unused_field_before_them() {
        let open = READY.replace("000,0,0,0,0,2,4,0,00000000", "000,0,1,0,1,2,6,0,00000005");
        let status = parse_host_status(open.as_bytes()).unwrap();
        assert!(status.head_open && !status.ribbon_out);
        assert_eq!(status.labels_remaining, 5);
        let ribbon = READY.replace("000,0,0,0,0,2,4,0,00000000", "000,1,0,1,1,2,6,0,00000000");
        let status = parse_host_status(ribbon.as_bytes()).unwrap();
        assert!(!status.head_open && status.ribbon_out);
    }

    #[test]
    fn paper_pause_and_waiting_formats_are_read_from_the_first_frame() {
        let out = READY.replace("030,0,0,1245,000,0", "030,1,1,1245,003,1");
        let status = parse_host_status(out.as_bytes()).unwrap();
        assert!(status.paper_out && status.paused && status.buffer_full && !status.is_ready());
        assert_eq!(status.formats_waiting, 3);
    }

    #[test]
    fn half_an_answer_is_no_answer_and_of_two_the_later_counts() {
        assert_eq!(parse_host_status(&READY.as_bytes()[..70]), None);
        assert_eq!(parse_host_status(b""), None);
        assert_eq!(parse_host_status(b"\x02a,b\x03\x02c\x03\x02d\x03"), None);
        let out = READY.replace("030,0,0", "030,1,0");
        assert!(parse_host_status(format!("{out}{READY}").as_bytes()).unwrap().is_ready());
    }

    #[test]
    fn errors_are_read_from_the_last_group() {
        let answer = |errors: &str| {
            format!(
                "\u{2}\r\n\r\n  PRINTER STATUS\r\n   ERRORS:         {errors}\r\n   WARNINGS:       0 00000000 00000000\r\n\u{3}"
            )
        };
        let parse = |errors: &str| parse_errors(answer(errors).as_bytes()).unwrap();
        assert!(parse("0 00000000 00000000").is_ready());
        assert!(parse("1 00000000 00000001").paper_out);
        assert!(parse("1 00000000 00000004").head_open);
        let both = parse("1 00000000 00000005");
        assert!(both.paper_out && both.head_open && !both.faulty);
        assert!(parse("1 00000000 00000010").faulty);
        assert_eq!(parse_errors(b"PRINTER STATUS ERRORS: 1 0000"), None);
    }

    #[test]
    fn a_counter_is_a_number_in_quotation_marks() {
        assert_eq!(parse_odometer(b"\"123\"\r\n"), Some(Odometer::Labels(123)));
        assert_eq!(parse_odometer(b"\"?\"\r\n"), Some(Odometer::Absent));
        assert_eq!(parse_odometer(b"\"12"), None);
    }
}

//! What the printer says when asked: `~HS`, `~HQES`, `getvar`. An empty answer means silence.

use super::{Mode, State};

const STX: char = '\u{2}';
const ETX: char = '\u{3}';

/// Three frames of 12, 11 and 2 fields; nothing when media is out or the head is up, because the
/// document says the device then sends nothing.
pub(super) fn host_status(state: &State) -> Vec<u8> {
    if state.mode == Mode::NoReply || state.mode == Mode::HeadOpen || state.media_out() {
        return Vec::new();
    }
    let length = state.settings.length;
    let formats = state.buffer.len().min(999);
    let partial = u8::from(state.receiver.is_partial());
    let remaining = state.buffer.front().map_or(0, |first| {
        let job = &state.jobs[first.job];
        job.quantity - job.printed
    });
    // 030: 9600 baud, 8 data bits; then the flags paper out, pause, buffer full, diagnostic mode, partial
    // format, corrupt memory, too cold, too hot.
    let first = format!("030,0,0,{length:04},{formats:03},0,0,{partial},000,0,0,0");
    // Function settings, unused, head up, ribbon out, thermal transfer, print mode (2 = tear off), width
    // mode, label waiting, labels remaining, format while printing (always 1), stored pictures.
    let second = format!("001,0,0,0,0,2,0,0,{remaining:08},1,000");
    // Password and whether static memory is installed.
    let third = "1234,0";
    [first.as_str(), &second, third].map(|frame| format!("{STX}{frame}{ETX}\r\n")).concat().into_bytes()
}

/// Errors and warnings; this one is answered also while `~HS` is not.
pub(super) fn errors_and_warnings(state: &State) -> Vec<u8> {
    if state.mode == Mode::NoReply {
        return Vec::new();
    }
    let errors = u8::from(state.media_out()) | u8::from(state.mode == Mode::HeadOpen) << 2;
    let any = u8::from(errors != 0);
    format!(
        "{STX}\r\n\r\n  PRINTER STATUS\r\n   ERRORS:         {any} 00000000 {errors:08X}\r\n   \
         WARNINGS:       0 00000000 00000000\r\n{ETX}"
    )
    .into_bytes()
}

/// The value of a printer variable in quotes; `"?"` for one that does not exist.
pub(super) fn variable(state: &State, name: &str) -> Vec<u8> {
    match name {
        _ if state.mode == Mode::NoReply => Vec::new(),
        "odometer.total_label_count" => format!("\"{}\"\r\n", state.odometer).into_bytes(),
        "device.languages" => b"\"zpl\"\r\n".to_vec(),
        _ => b"\"?\"\r\n".to_vec(),
    }
}

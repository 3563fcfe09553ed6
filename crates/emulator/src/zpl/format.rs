//! Reads one label format and draws its page.

use super::bitmap::Bitmap;
use super::graphic;

/// Widest head and longest label that can be set, in dots; larger values are taken as these.
const WIDEST: i64 = 2_400;
const LONGEST: i64 = 32_000;
/// Most labels one format may ask for.
const MOST_LABELS: i64 = 99_999_999;

/// What the printer keeps from one format to the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// `^PW`, dots across.
    pub width: i64,
    /// `^LL`, dots down.
    pub length: i64,
    home: (i64, i64),
    shift_left: i64,
    upside_down: bool,
}

impl Default for Settings {
    /// A four-inch 203 dpi printer with six-inch labels.
    fn default() -> Self {
        Self { width: 812, length: 1_218, home: (0, 0), shift_left: 0, upside_down: false }
    }
}

/// What one format asks for.
#[derive(Debug, Clone)]
pub struct Page {
    /// The drawn label; crossed out if there are faults.
    pub dots: Bitmap,
    /// How many labels of it (`^PQ`).
    pub quantity: u32,
    /// What made the label unreadable, in sentences.
    pub faults: Vec<String>,
    /// Commands that were passed over and would have drawn something.
    pub skipped: Vec<String>,
}

/// Reads a format from `^XA` to `^XZ`, changing `settings` where the format does.
pub fn read(settings: &mut Settings, format: &[u8]) -> Page {
    let mut quantity = 1;
    let mut origin = (0, 0);
    let mut stamps = Vec::new();
    let (mut faults, mut skipped) = (Vec::new(), Vec::new());
    for command in format.split(|&byte| byte == b'^').filter(|command| command.len() >= 2) {
        let (name, parameters) = command.split_at(2);
        match name {
            b"PW" => settings.width = first_number(parameters, settings.width).clamp(1, WIDEST),
            b"LL" => settings.length = first_number(parameters, settings.length).clamp(1, LONGEST),
            b"LH" => settings.home = pair(parameters),
            b"LS" => settings.shift_left = first_number(parameters, 0),
            b"PO" => settings.upside_down = parameters.starts_with(b"I"),
            b"PQ" => quantity = first_number(parameters, 1).clamp(1, MOST_LABELS) as u32,
            b"FO" => origin = pair(parameters),
            b"GF" => match graphic::read(parameters) {
                Ok(stamp) => {
                    let left = settings.home.0 + origin.0 - settings.shift_left;
                    stamps.push((stamp, left, settings.home.1 + origin.1));
                }
                Err(fault) => faults.push(fault),
            },
            // Nothing to draw: begin, end, field end, media, mode, speed, darkness, code page, reprint, comment.
            b"XA" | b"XZ" | b"FS" | b"MN" | b"MM" | b"MT" | b"PR" | b"MD" | b"CI" | b"JZ" | b"PM" | b"FX" => {
            }
            _ => skipped.push(format!("^{}", String::from_utf8_lossy(name))),
        }
    }
    let (width, length) = (settings.width as usize, settings.length as usize);
    let mut dots = Bitmap::white(width, length);
    for (stamp, left, top) in &stamps {
        dots.stamp(stamp, *left, *top);
    }
    if settings.upside_down {
        dots = dots.upside_down();
    }
    if !faults.is_empty() {
        dots = Bitmap::crossed_out(width, length);
    }
    Page { dots, quantity, faults, skipped }
}

fn numbers(parameters: &[u8]) -> impl Iterator<Item = Option<i64>> {
    parameters.split(|&byte| byte == b',').map(|part| String::from_utf8_lossy(part).trim().parse().ok())
}

fn first_number(parameters: &[u8], otherwise: i64) -> i64 {
    numbers(parameters).next().flatten().unwrap_or(otherwise)
}

fn pair(parameters: &[u8]) -> (i64, i64) {
    let mut numbers = numbers(parameters).map(|number| number.unwrap_or(0).clamp(-LONGEST, LONGEST));
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_graphic_lands_at_home_plus_origin_and_the_width_stays_set() {
        let mut settings = Settings::default();
        let page = read(&mut settings, b"^XA^PW40^LL20^LH2,3^FO10,5^GFA,1,1,1,80^FS^PQ3,0,0,N^XZ");
        assert_eq!((page.dots.width(), page.dots.height(), page.quantity), (40, 20, 3));
        assert!(page.dots.is_black(12, 8));
        assert!(page.faults.is_empty() && page.skipped.is_empty());
        let next = read(&mut settings, b"^XA^XZ");
        assert_eq!((next.dots.width(), next.quantity), (40, 1));
    }

    #[test]
    fn an_unreadable_graphic_gives_a_crossed_out_label() {
        let page = read(&mut Settings::default(), b"^XA^PW40^LL20^FO0,0^GFA,1,1,1,8#^FS^XZ");
        assert_eq!(page.faults.len(), 1);
        assert_eq!(page.dots, Bitmap::crossed_out(40, 20));
    }

    #[test]
    fn what_is_not_drawn_is_named() {
        let page = read(&mut Settings::default(), b"^XA^MNY^PR4^A0N,30,30^FDtext^FS^XZ");
        assert_eq!(page.skipped, ["^A0", "^FD"]);
    }

    #[test]
    fn inverted_orientation_turns_the_page() {
        let page = read(&mut Settings::default(), b"^XA^PW16^LL4^POI^FO0,0^GFA,1,1,1,80^FS^XZ");
        assert!(page.dots.is_black(15, 3) && !page.dots.is_black(0, 0));
    }
}

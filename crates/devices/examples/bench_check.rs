//! Checks the devices of a bench by hand: prints a label, then shows what the scanner and the scale say.
//!
//! `cargo run -p liangcang-devices --example bench_check -- 127.0.0.1:9100 /dev/ttyACM0 /dev/ttyUSB0`

use std::error::Error;
use std::path::Path;

use liangcang_devices::label::{
    Align, Frame, LabelFont, LabelSize, Resolution, Sheet, Style, raster, zpl_job,
};
use liangcang_devices::ports::SerialSettings;
use liangcang_devices::printer::{PrinterHandle, PrinterSettings};
use liangcang_devices::scale::ScaleHandle;
use liangcang_devices::scanner::ScannerHandle;
use tokio::sync::mpsc::unbounded_channel;

const FONTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/fonts");

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut next = |what: &str| arguments.next().ok_or(format!("name the {what}"));
    let (address, scanner, scale) =
        (next("printer's address")?, next("scanner's port")?, next("scale's port")?);

    let (sender, mut printed) = unbounded_channel();
    let printer = PrinterHandle::start(PrinterSettings::new(address), sender);
    let (sender, mut scanned) = unbounded_channel();
    let _scanner = ScannerHandle::start(SerialSettings::scanner(scanner), sender)?;
    let (sender, mut weighed) = unbounded_channel();
    let _scale = ScaleHandle::start(SerialSettings::toledo_8217(scale), sender)?;

    printer.print("check".to_owned(), check_label()?);
    loop {
        tokio::select! {
            Some(event) = printed.recv() => eprintln!("printer: {event:?}"),
            Some(event) = scanned.recv() => eprintln!("scanner: {event:?}"),
            Some(event) = weighed.recv() => eprintln!("scale: {event:?}"),
            else => return Ok(()),
        }
    }
}

/// A label with one code, to be scanned back.
fn check_label() -> Result<Vec<u8>, Box<dyn Error>> {
    let face = |name: &str| std::fs::read(Path::new(FONTS).join(name));
    let font = LabelFont::parse(face("LiangcangSansSC.otf")?, face("LiangcangSansSC-Bold.otf")?)?;
    let size = LabelSize::Mm76x130;
    let mut sheet = Sheet::new(&font);
    let title = Frame { x: 40, y: 200, w: 680, h: 120 };
    sheet.line(title, Style::bold(90).at(Align::Centre), "请扫描此码");
    sheet.code128(Frame { y: 400, h: 240, ..title }, "CMD-CONFIRM")?;
    let bitmap = raster(&sheet.into_elements(), size.tenths(), Resolution::Dpi203, &font);
    Ok(zpl_job(&bitmap))
}

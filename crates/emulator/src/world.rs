//! Everything the emulator plays, by name, in one folder.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

use anyhow::{Context, Result, bail, ensure};

use crate::douyin::Platform;
use crate::printer::Printer;
use crate::scale::Scale;
use crate::scanner::Scanner;

/// A printer wished for: `name=address`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrinterWish {
    /// Its name.
    pub name: String,
    /// Where it shall listen; port 0 takes any free one.
    pub address: SocketAddr,
}

impl FromStr for PrinterWish {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let (name, address) =
            text.split_once('=').context("write it as name=address, e.g. label=127.0.0.1:9100")?;
        let address =
            address.parse().with_context(|| format!("{address:?} is no address such as 127.0.0.1:9100"))?;
        Ok(Self { name: name.to_owned(), address })
    }
}

/// All devices and parties.
pub struct World {
    /// Where links, labels and addresses are.
    pub folder: PathBuf,
    /// Scanners by name.
    pub scanners: BTreeMap<String, Scanner>,
    /// Scales by name.
    pub scales: BTreeMap<String, Scale>,
    /// Printers by name.
    pub printers: BTreeMap<String, Arc<Printer>>,
    /// The live-sales platform.
    pub douyin: Platform,
}

impl World {
    /// Plugs in and starts everything wished for. Scanners appear as `scanner-NAME`, scales as
    /// `scale-NAME`, labels in the folder `printer-NAME`, a printer's address in `printer-NAME.addr`.
    pub async fn start(
        folder: &Path,
        scanners: &[String],
        scales: &[String],
        printers: &[PrinterWish],
    ) -> Result<Self> {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let folder = folder.canonicalize().with_context(|| format!("cannot find {}", folder.display()))?;
        let mut world = Self {
            scanners: BTreeMap::new(),
            scales: BTreeMap::new(),
            printers: BTreeMap::new(),
            douyin: Platform::new()?,
            folder,
        };
        for name in scanners {
            let scanner = Scanner::plugged(world.place("scanner", name)?)?;
            add(&mut world.scanners, name, scanner)?;
        }
        for name in scales {
            let scale = Scale::plugged(world.place("scale", name)?)?;
            add(&mut world.scales, name, scale)?;
        }
        for PrinterWish { name, address } in printers {
            let place = world.place("printer", name)?;
            let printer = Printer::start(*address, &place).await?;
            write_address(&place.with_extension("addr"), printer.condition().address)?;
            add(&mut world.printers, name, printer)?;
        }
        Ok(world)
    }

    fn place(&self, kind: &str, name: &str) -> Result<PathBuf> {
        ensure!(
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'),
            "{name:?} cannot name a {kind}: use letters, digits and hyphens"
        );
        Ok(self.folder.join(format!("{kind}-{name}")))
    }
}

fn add<T>(devices: &mut BTreeMap<String, T>, name: &str, device: T) -> Result<()> {
    if devices.insert(name.to_owned(), device).is_some() {
        bail!("{name} was given twice; each device of a kind needs its own name");
    }
    Ok(())
}

/// Leaves an address for scripts, complete from the first moment the file is there.
pub fn write_address(file: &Path, address: SocketAddr) -> Result<()> {
    let unfinished = file.with_extension("part");
    std::fs::write(&unfinished, format!("{address}\n"))
        .and_then(|()| std::fs::rename(&unfinished, file))
        .with_context(|| format!("cannot write {}", file.display()))
}

//! Secrets of this PC: random bytes, and key files only the owner reads.
//!
//! Leaves out the operating system's key store, which comes with enrolment by station keys.

use anyhow::{Context as _, Result, bail};
use std::io::Write as _;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

/// Random bytes from the system.
///
/// # Errors
/// When the system has none.
pub fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|e| anyhow::anyhow!("the system gives no random bytes: {e}"))?;
    Ok(bytes)
}

/// The 32-byte key in a file of mode 0600, made if there is none.
///
/// # Errors
/// When others may read the file, or it holds anything but 32 bytes: a key is never replaced by itself.
pub fn key_file(path: &Path) -> Result<[u8; 32]> {
    match std::fs::read(path) {
        Ok(bytes) => {
            let mode = std::fs::metadata(path)?.permissions().mode();
            if mode & 0o077 != 0 {
                bail!("{} may be read by others (mode {mode:o}); set it to 600", path.display());
            }
            let Ok(key) = bytes.try_into() else {
                bail!("{} is not a key of 32 bytes; restore it from the backup", path.display());
            };
            Ok(key)
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let key = random::<32>()?;
            let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
            file.write_all(&key)
                .and_then(|()| file.sync_all())
                .with_context(|| format!("writing {}", path.display()))?;
            Ok(key)
        }
        Err(error) => Err(error).with_context(|| format!("reading {}", path.display())),
    }
}

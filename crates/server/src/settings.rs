//! `server.toml` in the data directory: what the server must know of the platforms. Without the file, no platform.

use std::fmt;
use std::io;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

/// The file's name.
pub const FILE: &str = "server.toml";

/// What the file says.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The Douyin shop whose orders are shipped.
    pub douyin: Option<Douyin>,
}

/// A shop's app on the Douyin open platform.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Douyin {
    /// The app's key; comes back in every message as `app-id`.
    pub app_key: String,
    /// Signs both directions.
    pub app_secret: String,
    /// Opens the shop's orders.
    pub access_token: String,
    /// The order API without a path (`https://openapi-fxg.jinritemai.com`).
    pub api: String,
}

impl fmt::Debug for Douyin {
    /// Neither secret nor token is shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Douyin({} {})", self.app_key, self.api)
    }
}

impl Settings {
    /// Reads the settings of a data directory.
    ///
    /// # Errors
    /// Names the key that is unknown or missing.
    pub fn read(dir: &Path) -> Result<Self> {
        let file = dir.join(FILE);
        match std::fs::read_to_string(&file) {
            Ok(text) => {
                toml::from_str(&text).with_context(|| format!("{} cannot be understood", file.display()))
            }
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(fault) => Err(fault).with_context(|| format!("{} cannot be read", file.display())),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
    use super::*;

    #[test]
    fn a_misspelt_key_is_named_and_secrets_are_not_shown() {
        let dir = tempfile::tempdir().unwrap();
        assert!(Settings::read(dir.path()).unwrap().douyin.is_none());
        let good = "[douyin]\napp_key = 'k'\napp_secret = 'hush'\naccess_token = 'hush'\napi = 'http://a'\n";
        std::fs::write(dir.path().join(FILE), good).unwrap();
        assert_eq!(
            format!("{:?}", Settings::read(dir.path()).unwrap().douyin.unwrap()),
            "Douyin(k http://a)"
        );
        std::fs::write(dir.path().join(FILE), good.replace("api", "apy")).unwrap();
        assert!(format!("{:#}", Settings::read(dir.path()).unwrap_err()).contains("apy"));
    }
}

//! Order files between preview and import: in memory alone, since they hold receivers in clear.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use axum::body::Bytes;

use crate::secret::{NoRandomness, token};

/// Files kept at a time; one more drops the oldest. Four people can look at a file each.
const KEPT: usize = 4;

/// The files somebody is looking at.
#[derive(Default)]
pub struct Uploads(Mutex<VecDeque<(String, Bytes)>>);

impl fmt::Debug for Uploads {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Uploads(…)")
    }
}

impl Uploads {
    /// Keeps a file and says under which name it is found.
    ///
    /// # Errors
    /// When the system gives no randomness.
    pub fn keep(&self, bytes: Bytes) -> Result<String, NoRandomness> {
        let id = token()?;
        let mut files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if files.len() == KEPT {
            files.pop_front();
        }
        files.push_back((id.clone(), bytes));
        Ok(id)
    }

    /// The file, while it is kept.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<Bytes> {
        let files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        files.iter().find(|(known, _)| known == id).map(|(_, bytes)| bytes.clone())
    }

    /// Forgets a file.
    pub fn forget(&self, id: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|(known, _)| known != id);
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
    use super::*;

    #[test]
    fn the_fifth_file_drops_the_first_and_an_imported_one_is_forgotten() {
        let uploads = Uploads::default();
        let ids: Vec<String> = (0..5_u8).map(|n| uploads.keep(Bytes::from(vec![n])).unwrap()).collect();
        assert_eq!(uploads.find(&ids[0]), None);
        assert_eq!(uploads.find(&ids[4]).unwrap()[0], 4);
        uploads.forget(&ids[4]);
        assert_eq!(uploads.find(&ids[4]), None);
    }
}

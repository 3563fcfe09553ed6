//! The server's clock: the one place that asks the machine for the time.

use std::time::{SystemTime, UNIX_EPOCH};

use liangcang_domain::unit::EpochMs;

/// The moment it is now; 1970 on a machine whose clock stands before it.
#[must_use]
pub fn now() -> EpochMs {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    EpochMs(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

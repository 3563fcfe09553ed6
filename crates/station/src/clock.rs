//! The station's clock: read here and nowhere else, so that rules get their time passed in.

use liangcang_domain::unit::EpochMs;
use std::time::{SystemTime, UNIX_EPOCH};

const CHINA_OFFSET_S: i64 = 8 * 3600;

/// Now.
#[must_use]
pub fn now() -> EpochMs {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    EpochMs(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// The day of a moment in China, as `YYYYMMDD`.
#[must_use]
pub fn day(at_ms: i64) -> String {
    local(at_ms).strftime("%Y%m%d").to_string()
}

/// A moment in China, as `YYYY-MM-DD HH:MM`.
#[must_use]
pub fn minute(at_ms: i64) -> String {
    local(at_ms).strftime("%Y-%m-%d %H:%M").to_string()
}

/// A moment as `YYYYMMDDTHHMMSS.mmmZ` in UTC, for names that sort by time.
#[must_use]
pub fn stamp(at: EpochMs) -> String {
    let at = jiff::Timestamp::from_millisecond(at.0).unwrap_or_default();
    at.strftime("%Y%m%dT%H%M%S%.3fZ").to_string()
}

/// The moment a stamp names.
#[must_use]
pub fn of_stamp(stamp: &str) -> Option<EpochMs> {
    let at = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%S%.3fZ", stamp).ok()?;
    let at = jiff::tz::Offset::UTC.to_timestamp(at).ok()?;
    Some(EpochMs(at.as_millisecond()))
}

fn local(at_ms: i64) -> jiff::civil::DateTime {
    let at = jiff::Timestamp::from_second(at_ms.div_euclid(1000) + CHINA_OFFSET_S).unwrap_or_default();
    jiff::tz::Offset::UTC.to_datetime(at)
}

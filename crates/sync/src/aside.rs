//! Entries of a newer schema: kept as they are, passed on as they are, and taken in after the upgrade.

use crate::Entry;

/// Splits what was set aside into what a program of `schema` reads, in the order of each log, and what still waits.
/// The caller applies the first and drops it from what is set aside in one transaction, so each is taken in once.
#[must_use]
pub fn after_upgrade(mut aside: Vec<Entry>, schema: u32) -> (Vec<Entry>, Vec<Entry>) {
    aside.sort_by(|one, other| (&one.log, one.seq).cmp(&(&other.log, other.seq)));
    aside.into_iter().partition(|entry| entry.schema <= schema)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
    use super::*;
    use crate::LogId;
    use serde_json::value::RawValue;

    #[test]
    fn an_upgrade_takes_in_what_it_reads_in_order_and_leaves_the_rest() {
        let entry = |writer, seq, schema| Entry {
            log: LogId::first(writer),
            seq,
            schema,
            body: RawValue::from_string("{}".to_owned()).unwrap(),
        };
        let aside = vec![entry("b", 4, 2), entry("a", 9, 3), entry("b", 2, 2), entry("a", 7, 2)];
        let places = |entries: Vec<Entry>| {
            entries.into_iter().map(|entry| (entry.log.writer, entry.seq)).collect::<Vec<_>>()
        };
        let (read, left) = after_upgrade(aside, 2);
        assert_eq!(places(read), [("a".to_owned(), 7), ("b".to_owned(), 2), ("b".to_owned(), 4)]);
        assert_eq!(places(left), [("a".to_owned(), 9)]);
    }
}

//! Which replica speaks: a copy of one on other hardware is refused by name.

use crate::Refused;
use serde::{Deserialize, Serialize};

/// A replica as it names itself in every message, and as it was enrolled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replica {
    /// The station's id, also the writer of its log.
    pub station: String,
    /// The epoch of its log.
    pub epoch: u32,
    /// What tells this PC from others; compared, never read.
    pub hardware: String,
}

impl Replica {
    /// Whether `speaker`, who says to be this station, may speak. `self` is what is known of the station: the
    /// hardware it was enrolled on and the highest epoch of its logs.
    ///
    /// # Errors
    /// [`Refused::Clone`] from other hardware, [`Refused::OldEpoch`] from a copy made before the station began anew.
    pub fn admit(&self, speaker: &Self) -> Result<(), Refused> {
        let Self { station, epoch, hardware } = speaker;
        if *hardware != self.hardware {
            return Err(Refused::Clone { station: station.clone() });
        }
        if *epoch < self.epoch {
            return Err(Refused::OldEpoch { station: station.clone(), epoch: *epoch, known: self.epoch });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::expect_used, reason = "a test may fail by panicking")]
    use super::*;

    fn replica(epoch: u32, hardware: &str) -> Replica {
        Replica { station: "SH-2".to_owned(), epoch, hardware: hardware.to_owned() }
    }

    #[test]
    fn a_copy_is_refused_by_name_and_a_station_begun_anew_is_not() {
        let known = replica(2, "pc-7");
        assert_eq!(known.admit(&replica(2, "pc-7")), Ok(()));
        assert_eq!(known.admit(&replica(3, "pc-7")), Ok(()));
        let clone = known.admit(&replica(2, "pc-8")).expect_err("other hardware");
        assert!(clone.to_string().contains("SH-2"), "{clone}");
        assert!(matches!(known.admit(&replica(1, "pc-7")), Err(Refused::OldEpoch { known: 2, .. })));
    }
}

//! The truth about printing: each print of a label is a journal, and "sent" is never called "printed".
//!
//! requested -> stored -> sent -> printed | unknown | failed -> scanned back -> handed over, or voided.
//! A scan of the label itself is the only universal proof, so it is accepted from `sent` on whatever the printer
//! says. A reprint is another print with a reason; it voids the one before it. Drawing is the devices crate's.

use crate::id::PrintId;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Where one print of one label stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum LabelState {
    /// Somebody needs it.
    Requested,
    /// Its bytes are in the store: it can be printed with no internet.
    Stored,
    /// All its bytes were written to the printer.
    Sent,
    /// The printer's own counter moved.
    Printed,
    /// Sent, and nobody can say whether it came out.
    Unknown,
    /// Never sent: the printer was away or refused.
    Failed,
    /// Scanned on the sealed parcel.
    ScannedBack,
    /// Left the building on its parcel.
    HandedOver,
    /// Not to be used: spoilt, replaced, or its order cancelled.
    Voided,
}

impl LabelState {
    /// The word in the store.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Stored => "stored",
            Self::Sent => "sent",
            Self::Printed => "printed",
            Self::Unknown => "unknown",
            Self::Failed => "failed",
            Self::ScannedBack => "scanned_back",
            Self::HandedOver => "handed_over",
            Self::Voided => "voided",
        }
    }

    /// Whether the journal may go from here to `next`. The whole table of the journal.
    #[must_use]
    pub fn may_become(self, next: Self) -> bool {
        use LabelState::{
            Failed, HandedOver, Printed, Requested, ScannedBack, Sent, Stored, Unknown, Voided,
        };
        match (self, next) {
            (HandedOver | Voided, _) => false,
            (_, Voided) => true,
            (Requested, Stored) | (Stored, Sent | Failed | Unknown | ScannedBack) => true,
            // A failed print was never on paper, so the same print may be tried again under its own id.
            (Failed, Sent | Stored) => true,
            (Sent, Printed | Unknown | ScannedBack) | (Unknown, Printed | ScannedBack) => true,
            (Printed, ScannedBack) | (ScannedBack, HandedOver) => true,
            _ => false,
        }
    }

    /// Whether paper may carry it: then it must be accounted for at the end of a shift.
    #[must_use]
    pub fn may_be_on_paper(self) -> bool {
        matches!(self, Self::Sent | Self::Printed | Self::Unknown | Self::ScannedBack | Self::HandedOver)
    }

    /// Whether a scan of the label may prove it now. Also before the printer's own answer: paper beats protocol.
    #[must_use]
    pub fn may_be_scanned(self) -> bool {
        matches!(self, Self::Stored | Self::Sent | Self::Printed | Self::Unknown)
    }
}

/// Why a label is printed once more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ReprintReason {
    /// Came out unreadable or torn.
    Spoilt,
    /// Never came out, although it was sent.
    Missing,
    /// The parcel changed.
    Repacked,
}

/// One print of a label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct LabelPrint {
    /// Its id, also small on the paper.
    pub id: PrintId,
    /// Where it stands.
    pub state: LabelState,
    /// What the printer said last, if it said anything but good.
    pub why: Option<String>,
    /// For the second and later prints.
    pub reprint: Option<ReprintReason>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sent_is_never_printed_without_evidence_and_nothing_leaves_the_end() {
        use LabelState::*;
        assert!(Sent.may_become(Printed) && Sent.may_become(Unknown));
        assert!(!Stored.may_become(Printed) && !Requested.may_become(Sent));
        assert!(!Printed.may_become(Sent), "a printed label is never sent again");
        assert!(!Unknown.may_become(Sent), "an unknown label is never sent again: it may be on paper");
        assert!(!Printed.may_become(HandedOver), "a label nobody scanned back does not leave");
        for end in [HandedOver, Voided] {
            for next in [Requested, Stored, Sent, Printed, Unknown, Failed, ScannedBack, HandedOver, Voided] {
                assert!(!end.may_become(next));
            }
        }
    }
}

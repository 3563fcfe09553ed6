//! Rules a made-up node can be made to break: the simulation must find each of them.

/// What a world's nodes do wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Breaks {
    /// All rules are kept.
    Nothing,
    /// A fact is called good before it is durable.
    ForgetsToSyncBeforeGood,
    /// Entries are acknowledged before they are durable, and the sender believes the most it ever heard.
    TellsWhatIsNotDurable,
    /// Marks are saved in a transaction of their own.
    SavesMarksApart,
    /// A lead grants what another holds.
    GrantsWithoutLooking,
    /// A lead that hears of a higher term goes on leading.
    IgnoresHigherTerms,
    /// Entries of a newer schema are passed over.
    DropsNewerSchemas,
    /// Pieces of a snapshot are taken as they come.
    TakesAnyPiece,
    /// Copies of a station are let in.
    AdmitsCopies,
    /// A station sells what its lease does not cover.
    SellsBeyondItsLease,
    /// One gesture is told again under another id.
    RetriesUnderANewGesture,
}

/// Every rule that can be broken.
pub const ALL: [Breaks; 10] = [
    Breaks::ForgetsToSyncBeforeGood,
    Breaks::TellsWhatIsNotDurable,
    Breaks::SavesMarksApart,
    Breaks::GrantsWithoutLooking,
    Breaks::IgnoresHigherTerms,
    Breaks::DropsNewerSchemas,
    Breaks::TakesAnyPiece,
    Breaks::AdmitsCopies,
    Breaks::SellsBeyondItsLease,
    Breaks::RetriesUnderANewGesture,
];

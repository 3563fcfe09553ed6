//! Escrow: stock leased ahead to one station's log, so that it can sell while cut off and never sell what others were
//! promised.
//!
//! The server takes leased units out of its own pool before it writes the lease. They come back only by the lessee's
//! own word (`Return`), never by the clock alone: `ends_at_ms` says when the lessee stops drawing and gives back, and
//! a lessee with a wrong clock is early or late, but nothing is sold twice. A lease belongs to one log, whose order
//! is one for all: so drawn + returned <= leased can be proved from that log on both sides.

use crate::LogId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Units one log may draw on: an entry of the server's log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// Which lease.
    pub id: String,
    /// Who may draw. A station that lost its log draws no more: nobody knows what it drew.
    pub lessee: LogId,
    /// Of what.
    pub sku: String,
    /// Units.
    pub qty: u64,
    /// When the lessee stops, by its own clock.
    pub ends_at_ms: i64,
}

/// A local order took units: an entry of the lessee's log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draw {
    /// The gesture behind it: told twice, drawn once.
    pub gesture: String,
    /// From which lease.
    pub lease: String,
    /// Units.
    pub qty: u64,
}

/// What was not drawn goes back: the last entry about its lease, in the lessee's log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Return {
    /// Which lease.
    pub lease: String,
    /// Units.
    pub qty: u64,
}

/// Why nothing can be drawn.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoDraw {
    /// No such lease here.
    #[error("lease {lease} is not known here; sync first")]
    Unknown {
        /// Which.
        lease: String,
    },
    /// Another log's, or this station's before it began anew.
    #[error("lease {lease} is for {lessee}; draw on one of this station's own")]
    Foreign {
        /// Which.
        lease: String,
        /// Whose.
        lessee: String,
    },
    /// It was given back.
    #[error("lease {lease} was given back; ask for another")]
    GivenBack {
        /// Which.
        lease: String,
    },
    /// It is over.
    #[error("lease {lease} is over; give back what is left and ask for another")]
    Over {
        /// Which.
        lease: String,
    },
    /// Not enough left.
    #[error("lease {lease} has {left} left, {wanted} are wanted; ask for more or sell less")]
    Short {
        /// Which.
        lease: String,
        /// Units left.
        left: u64,
        /// Units wanted.
        wanted: u64,
    },
}

/// A lease and what became of it. The entries of its lessee may come before the lease itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Leased {
    /// The lease, once it is here.
    pub lease: Option<Lease>,
    /// Units by gesture.
    pub draws: BTreeMap<String, u64>,
    /// Units given back.
    pub returned: Option<u64>,
}

impl Leased {
    /// Units drawn.
    #[must_use]
    pub fn drawn(&self) -> u64 {
        self.draws.values().fold(0, |sum, qty| sum.saturating_add(*qty))
    }

    /// Whether drawn + returned <= leased, which must always hold of a lease that is here.
    #[must_use]
    pub fn is_covered(&self) -> bool {
        let leased = self.lease.as_ref().map(|lease| lease.qty);
        leased.is_none_or(|leased| self.drawn().saturating_add(self.returned.unwrap_or(0)) <= leased)
    }
}

/// All leases as one replica knows them: a function of the set of entries, not of their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Escrow {
    leases: BTreeMap<String, Leased>,
}

impl Escrow {
    /// Takes in a lease.
    pub fn leased(&mut self, lease: Lease) {
        let id = lease.id.clone();
        self.leases.entry(id).or_default().lease = Some(lease);
    }

    /// Takes in a draw.
    pub fn drew(&mut self, draw: Draw) {
        self.leases.entry(draw.lease).or_default().draws.insert(draw.gesture, draw.qty);
    }

    /// Takes in a return.
    pub fn returned(&mut self, back: &Return) {
        self.leases.entry(back.lease.clone()).or_default().returned = Some(back.qty);
    }

    /// All leases, by id.
    pub fn iter(&self) -> impl Iterator<Item = (&String, &Leased)> {
        self.leases.iter()
    }

    /// Whether `lessee` may draw `qty` now. To be asked in the transaction that writes the draw.
    ///
    /// # Errors
    /// [`NoDraw`], in its order.
    pub fn may_draw(&self, lessee: &LogId, lease: &str, qty: u64, now_ms: i64) -> Result<(), NoDraw> {
        let id = || lease.to_owned();
        let known = self.leases.get(lease).and_then(|leased| Some((leased, leased.lease.as_ref()?)));
        let (leased, terms) = known.ok_or_else(|| NoDraw::Unknown { lease: id() })?;
        if terms.lessee != *lessee {
            let LogId { writer, epoch } = &terms.lessee;
            return Err(NoDraw::Foreign { lease: id(), lessee: format!("{writer} (epoch {epoch})") });
        }
        if leased.returned.is_some() {
            return Err(NoDraw::GivenBack { lease: id() });
        }
        if now_ms >= terms.ends_at_ms {
            return Err(NoDraw::Over { lease: id() });
        }
        let left = terms.qty.saturating_sub(leased.drawn());
        if qty > left {
            return Err(NoDraw::Short { lease: id(), left, wanted: qty });
        }
        Ok(())
    }

    /// What `lessee` gives back now: its leases that are over. To be written in the transaction of this look.
    #[must_use]
    pub fn to_return(&self, lessee: &LogId, now_ms: i64) -> Vec<Return> {
        let over = |leased: &Leased| {
            let lease = leased.lease.as_ref().filter(|lease| lease.lessee == *lessee)?;
            let is_over = leased.returned.is_none() && now_ms >= lease.ends_at_ms;
            is_over.then(|| Return { lease: lease.id.clone(), qty: lease.qty.saturating_sub(leased.drawn()) })
        };
        self.leases.values().filter_map(over).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lease(id: &str, qty: u64) -> Lease {
        let lessee = LogId::first("B");
        Lease { id: id.to_owned(), lessee, sku: "RICE-5KG".to_owned(), qty, ends_at_ms: 1_000 }
    }

    fn draw(gesture: &str, qty: u64) -> Draw {
        Draw { gesture: gesture.to_owned(), lease: "l1".to_owned(), qty }
    }

    #[test]
    fn a_station_draws_on_its_own_running_lease_and_never_more_than_it_has() {
        let mut escrow = Escrow::default();
        escrow.leased(lease("l1", 10));
        escrow.drew(draw("g1", 6));
        escrow.drew(draw("g1", 6));
        let (own, anew) = (LogId::first("B"), LogId { writer: "B".to_owned(), epoch: 2 });
        let id = || "l1".to_owned();
        for (lessee, wanted, now_ms, answer) in [
            (&own, 4, 999, Ok(())),
            (&own, 5, 999, Err(NoDraw::Short { lease: id(), left: 4, wanted: 5 })),
            (&own, 4, 1_000, Err(NoDraw::Over { lease: id() })),
            (&anew, 1, 0, Err(NoDraw::Foreign { lease: id(), lessee: "B (epoch 1)".to_owned() })),
        ] {
            assert_eq!(escrow.may_draw(lessee, "l1", wanted, now_ms), answer);
        }
        assert!(matches!(escrow.may_draw(&own, "l2", 1, 0), Err(NoDraw::Unknown { .. })));
    }

    #[test]
    fn what_is_left_of_an_ended_lease_goes_back_once() {
        let own = LogId::first("B");
        let mut escrow = Escrow::default();
        escrow.drew(draw("g1", 6));
        escrow.leased(lease("l1", 10));
        assert_eq!(escrow.to_return(&own, 999), []);
        let back = escrow.to_return(&own, 1_000);
        assert_eq!(back, [Return { lease: "l1".to_owned(), qty: 4 }]);
        escrow.returned(&back[0]);
        assert_eq!(escrow.to_return(&own, 1_000), []);
        assert!(matches!(escrow.may_draw(&own, "l1", 1, 0), Err(NoDraw::GivenBack { .. })));
        assert!(escrow.iter().all(|(_, leased)| leased.is_covered()));
        escrow.drew(draw("g2", 1));
        assert!(!escrow.iter().all(|(_, leased)| leased.is_covered()));
    }
}

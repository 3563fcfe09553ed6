//! Campaigns: a show's stock is set aside before it, sold during it, and what is left goes back after it.
//!
//! planned → armed → live → closed. While planned nothing is held. Arming holds the plan's stock in the general
//! pools, whole or not at all; from then on the campaign's orders move its own quotas alone (intake, `store::hold`).
//! Every act takes the campaign's turn first, as intake does, and is written down with who did it. The standing sale
//! `daily` draws on the pools themselves and is none of this.

mod ledger;
mod life;
mod limits;
mod looks;
mod meter;
mod plan;
mod publishable;
mod refused;
mod sharing;
mod stock;
mod story;
mod sums;

use liangcang_domain::unit::EpochMs;

pub use ledger::{Ledger, LedgerRow, ProvinceShare, ProvinceTaken, ledger};
pub use life::{arm, close, plan, replan, start};
pub use limits::{Limits, set_limits, set_rules};
pub use looks::{Looks, READS, Taken};
pub use meter::{Meter, OrderCounts, ProvinceOrders, StockLevel};
pub use plan::{OfferPlan, Plan, ProvinceQuota, SetAside};
pub use publishable::{OfferParts, Sellable, Shelf, Shelved, publishable, shelve};
pub use refused::{Act, Missing, Refused};
pub use stock::{StockChange, change_stock};
pub use story::{Listed, StockRow, Story, list, sellable, story};

/// Who acts, and when.
#[derive(Clone, Copy, Debug)]
pub struct By<'a> {
    /// A person of the office or the short name of a token; no personal data of buyers.
    pub who: &'a str,
    /// The server's clock.
    pub at: EpochMs,
}

//! Why an act on a campaign is not done: a closed list, each with a code and with words that say what to do now.

use std::fmt::Write;

use liangcang_domain::id::{SkuId, WarehouseId};

use crate::store::campaign::State;

/// What somebody wants to do with a campaign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Write the plan anew.
    Replan,
    /// Set its stock aside.
    Arm,
    /// Begin to take its orders.
    Start,
    /// Top up or draw down what is set aside.
    ChangeStock,
    /// Set risk rules.
    SetRules,
    /// Set limits and province quotas.
    SetLimits,
}

impl Act {
    fn words(self) -> &'static str {
        match self {
            Self::Replan => "planned anew",
            Self::Arm => "armed",
            Self::Start => "started",
            Self::ChangeStock => "topped up or drawn down",
            Self::SetRules => "given other risk rules",
            Self::SetLimits => "given other limits",
        }
    }
}

/// Stock that is not free to be set aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// Where.
    pub warehouse: WarehouseId,
    /// What.
    pub sku: SkuId,
    /// Units asked for.
    pub asked: i64,
    /// Units that are free there.
    pub free: i64,
}

/// Why an act on a campaign is not done; nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// The request contradicts itself or the catalogue: each fault in a sentence.
    #[error("{}", .0.join("; "))]
    Unfit(Vec<String>),
    /// There is no such campaign.
    #[error("there is no campaign {id}: plan it first")]
    Unknown {
        /// The id asked for.
        id: String,
    },
    /// Somebody planned one of this id before.
    #[error("there is a campaign {id} already: choose another id, or change that one")]
    Exists {
        /// The id.
        id: String,
    },
    /// The campaign is in a state in which this cannot be done.
    #[error("campaign {id} is {}: it cannot be {} now; {}", .state.as_str(), .act.words(), instead(*.act, *.state))]
    WrongState {
        /// The campaign.
        id: String,
        /// Where it stands.
        state: State,
        /// What was asked.
        act: Act,
    },
    /// The pools have not so much free.
    #[error("not enough free stock: {}; lower the plan or bring stock in", missing_words(.0))]
    NotEnough(Vec<Missing>),
    /// Orders hold what is to be taken away: each row in a sentence.
    #[error("{}; draw down no more than is available", .0.join("; "))]
    InUse(Vec<String>),
    /// The database could not do it.
    #[error(transparent)]
    Failed(#[from] anyhow::Error),
}

impl Refused {
    /// The closed list's word for it.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unfit(_) => "unfit",
            Self::Unknown { .. } => "not_found",
            Self::Exists { .. } => "exists",
            Self::WrongState { .. } => "wrong_state",
            Self::NotEnough(_) => "not_enough_stock",
            Self::InUse(_) => "stock_in_use",
            Self::Failed(_) => "failed",
        }
    }
}

fn instead(act: Act, state: State) -> &'static str {
    match (act, state) {
        (Act::ChangeStock, State::Planned) => "change the plan itself",
        (Act::Start, State::Planned) => "arm it first",
        (Act::Arm, State::Armed) => "its stock is set aside, start it",
        (Act::Replan, State::Armed | State::Live) => "change its stock, its rules or its limits",
        (Act::Arm | Act::Start, State::Live) => "it is taking orders",
        (_, State::Closed) => "plan another",
        (_, State::Planned | State::Armed | State::Live) => "look at it again",
    }
}

fn missing_words(rows: &[Missing]) -> String {
    let mut words = String::new();
    for row in rows {
        let comma = if words.is_empty() { "" } else { ", " };
        // Writing into a string cannot fail.
        let _ = write!(words, "{comma}{} {} asked {} free {}", row.warehouse, row.sku, row.asked, row.free);
    }
    words
}

//! Risk rules and limits of a campaign, which may change until it is closed.

use std::collections::BTreeMap;

use liangcang_domain::risk::Rules;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::life::{note, turn};
use super::plan::{limit_faults, provinces};
use super::{Act, By, ProvinceQuota, Refused};
use crate::database::Database;
use crate::incoming::province_stem;
use crate::store::campaign::{self as table, State};

const OPEN: [State; 3] = [State::Planned, State::Armed, State::Live];

/// How many orders whoever may have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Orders a buyer may have; 0: no limit.
    pub buyer_limit: i64,
    /// Orders an address may have; 0: no limit.
    pub address_limit: i64,
    /// Orders a province may have; a province left out has no limit.
    pub province_quotas: Vec<ProvinceQuota>,
}

/// Sets the risk rules, for the orders that come from now on.
///
/// # Errors
/// When the campaign is closed.
pub async fn set_rules(database: &Database, id: &str, rules: &Rules, by: By<'_>) -> Result<(), Refused> {
    let mut tx = database.begin().await?;
    turn(&mut tx, id, Act::SetRules, &OPEN).await?;
    table::set_rules(&mut tx, id, rules).await?;
    note(&mut tx, id, "rules_set", &json!({ "rules": rules }), by).await?;
    Ok(tx.commit().await?)
}

/// Sets the limits, for the orders that come from now on.
///
/// # Errors
/// When the campaign is closed, or a province has more orders already than it may have.
pub async fn set_limits(database: &Database, id: &str, limits: &Limits, by: By<'_>) -> Result<(), Refused> {
    let mut tx = database.begin().await?;
    turn(&mut tx, id, Act::SetLimits, &OPEN).await?;
    let mut faults: Vec<String> =
        limit_faults(limits.buyer_limit, limits.address_limit).into_iter().collect();
    let quotas = provinces(&limits.province_quotas).unwrap_or_else(|found| {
        faults.extend(found);
        BTreeMap::new()
    });
    let mut taken = BTreeMap::<String, i64>::new();
    for (province, orders) in table::orders_by_province(&mut tx, id).await? {
        *taken.entry(province_stem(&province).to_owned()).or_default() += orders;
    }
    let mut rows = Vec::with_capacity(quotas.len());
    for (province, most) in quotas {
        let taken = taken.get(&province).copied().unwrap_or_default();
        if taken > most {
            faults.push(format!("{province} has {taken} orders already: its quota cannot be {most}"));
        }
        rows.push((province, most, taken));
    }
    if !faults.is_empty() {
        return Err(Refused::Unfit(faults));
    }
    table::set_limits(&mut tx, id, limits.buyer_limit, limits.address_limit).await?;
    table::put_province_quotas(&mut tx, id, &rows).await?;
    note(&mut tx, id, "limits_set", &serde_json::to_value(limits).map_err(anyhow::Error::from)?, by).await?;
    Ok(tx.commit().await?)
}

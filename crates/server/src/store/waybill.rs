//! Waybill numbers: a carrier's range is leased piece by piece to the warehouses, and a lease gives each number to
//! one order, once, whatever becomes of the order.

use std::collections::HashMap;

use anyhow::{Result, ensure};
use liangcang_domain::id::{CarrierId, WarehouseId, WaybillNo};
use liangcang_domain::order::Receiver;

use crate::database::{Transaction, query};

/// Numbers a warehouse is given ahead; a sixteenth of what is left when that is less, so that no warehouse takes all.
const LEASE: i64 = 20_000;

/// What a warehouse still has of one carrier's numbers: a run of them.
pub const LEASES: &str = "SELECT prefix, digits, first, next, last FROM waybill_lease
    WHERE warehouse = $1 AND carrier = $2 AND next <= last ORDER BY prefix, first";
/// Takes numbers of a run: compare and write.
pub const TAKE: &str = "UPDATE waybill_lease SET next = $1
    WHERE warehouse = $2 AND carrier = $3 AND prefix = $4 AND first = $5 AND next = $6";

/// The next free numbers of a carrier at a warehouse, `count` of them or as many as there are. `others` is how many
/// other warehouses need next: what is leased ahead leaves these alone.
///
/// # Errors
/// Of the database, also when somebody else took the same numbers at the same moment.
pub async fn take(
    conn: &mut Transaction,
    warehouse: &WarehouseId,
    carrier: &CarrierId,
    count: usize,
    others: usize,
) -> Result<Vec<WaybillNo>> {
    let mut numbers = Vec::with_capacity(count);
    while numbers.len() < count {
        let runs = query(LEASES)
            .bind(warehouse.as_str())
            .bind(carrier.as_str())
            .all::<(String, i64, i64, i64, i64)>(conn)
            .await?;
        for (prefix, digits, first, next, last) in runs {
            let wanted = i64::try_from(count - numbers.len())?;
            let after = (last + 1).min(next + wanted);
            let taken = query(TAKE)
                .bind(after)
                .bind(warehouse.as_str())
                .bind(carrier.as_str())
                .bind(&prefix)
                .bind(first)
                .bind(next)
                .execute(conn)
                .await?;
            ensure!(taken == 1, "waybill numbers of {carrier} at {warehouse} were taken at the same moment");
            let width = usize::try_from(digits)?;
            numbers.extend((next..after).map(|number| WaybillNo(format!("{prefix}{number:0width$}"))));
        }
        let missing = i64::try_from(count - numbers.len())?;
        if missing == 0 || !lease(conn, warehouse, carrier, (missing, i64::try_from(others)?)).await? {
            break;
        }
    }
    Ok(numbers)
}

/// Gives a warehouse more numbers of a carrier's ranges; `false` when there are none.
async fn lease(
    conn: &mut Transaction,
    warehouse: &WarehouseId,
    carrier: &CarrierId,
    (wanted, others): (i64, i64),
) -> Result<bool> {
    let sql = "SELECT prefix, digits, first, next, last FROM waybill_range
        WHERE carrier = $1 AND next <= last ORDER BY prefix, first LIMIT 1";
    let range = query(sql).bind(carrier.as_str()).optional::<(String, i64, i64, i64, i64)>(conn).await?;
    let Some((prefix, digits, first, next, last)) = range else { return Ok(false) };
    let left = last - next + 1;
    let ahead = LEASE.min((left - wanted - others).max(0) / 16);
    let size = (wanted + ahead).min(left);
    let sql =
        "UPDATE waybill_range SET next = $1 WHERE carrier = $2 AND prefix = $3 AND first = $4 AND next = $5";
    let taken = query(sql)
        .bind(next + size)
        .bind(carrier.as_str())
        .bind(&prefix)
        .bind(first)
        .bind(next)
        .execute(conn)
        .await?;
    ensure!(taken == 1, "waybill numbers of {carrier} were leased at the same moment");
    let sql = "INSERT INTO waybill_lease (warehouse, carrier, prefix, digits, first, last, next)
        VALUES ($1, $2, $3, $4, $5, $6, $5)";
    query(sql)
        .bind(warehouse.as_str())
        .bind(carrier.as_str())
        .bind(&prefix)
        .bind(digits)
        .bind(next)
        .bind(next + size - 1)
        .execute(conn)
        .await?;
    Ok(true)
}

/// How many numbers of each carrier no warehouse has been given yet.
pub const UNLEASED: &str = "SELECT carrier, CAST(SUM(last - next + 1) AS BIGINT) FROM waybill_range
    WHERE next <= last GROUP BY carrier";

/// What carriers print for cities: sorting code and consolidation place.
#[derive(Clone, Debug, Default)]
pub struct Routes(HashMap<(CarrierId, String, String), (String, String)>);

impl Routes {
    /// What a carrier prints for a receiver's city. Where it has told nothing, province and city in words, as
    /// sorters read them before there were codes, and no place of consolidation.
    #[must_use]
    pub fn printed(&self, carrier: &CarrierId, to: &Receiver) -> (String, String) {
        let key = (carrier.clone(), to.province.clone(), to.city.clone());
        let told = self.0.get(&key).cloned();
        told.unwrap_or_else(|| (format!("{} {}", to.province, to.city), String::new()))
    }
}

/// Reads them all: some thousand.
///
/// # Errors
/// Of the database.
pub async fn routes(conn: &mut Transaction) -> Result<Routes> {
    let sql = "SELECT carrier, province, city, route_code, consolidation FROM route";
    let rows = query(sql).all::<(String, String, String, String, String)>(conn).await?;
    let route = |(carrier, province, city, code, consolidation): (String, String, String, String, String)| {
        ((carrier.into(), province, city), (code, consolidation))
    };
    Ok(Routes(rows.into_iter().map(route).collect()))
}

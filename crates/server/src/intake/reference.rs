//! What intake knows of the company: read once, and again only when the company's files
//! were imported anew or a warehouse was opened or closed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use anyhow::Result;
use liangcang_domain::catalogue::Catalogue;
use liangcang_domain::id::WarehouseId;
use liangcang_planner::allocation::{Reach, Warehouse};

use super::statements::REVISION;
use crate::database::{Transaction, query};
use crate::store::waybill::{self, Routes};
use crate::store::{company, freight, warehouse_day};

/// The company, as of a revision.
#[derive(Debug, Default)]
pub struct Reference {
    revision: i64,
    /// What orders are exploded by.
    pub catalogue: Catalogue,
    /// Warehouses, by id.
    pub warehouses: Vec<WarehouseId>,
    /// Those that take no orders now.
    pub closed: BTreeSet<WarehouseId>,
    /// Orders a warehouse can send out on one day, where that is limited.
    pub daily_orders: BTreeMap<WarehouseId, i64>,
    /// Who carries from where to where, and what it costs.
    pub reach: Arc<Reach>,
    /// What carriers print.
    pub routes: Routes,
}

impl Reference {
    /// The company as it is now; `known` again where nothing has changed.
    ///
    /// # Errors
    /// Of the database.
    pub async fn now(conn: &mut Transaction, known: &Arc<Self>) -> Result<Arc<Self>> {
        let revision: i64 = query(REVISION).scalar(conn).await?;
        if revision == known.revision && !known.warehouses.is_empty() {
            return Ok(known.clone());
        }
        let carriers = company::carriers(conn).await?;
        let warehouses = query("SELECT id FROM warehouse").scalars::<String>(conn).await?;
        // Databases sort text by their own collation; everything here goes by bytes.
        let warehouses: BTreeSet<WarehouseId> = warehouses.into_iter().map(WarehouseId::from).collect();
        let place = |id: &WarehouseId| Warehouse {
            id: id.clone(),
            open: true,
            capacity_orders: 0,
            stock: BTreeMap::new(),
            carriers: carriers.clone(),
        };
        let places: Vec<Warehouse> = warehouses.iter().map(place).collect();
        let costs = freight::costs(conn).await?;
        let reach = Arc::new(Reach::new(&places, &costs, company::weights(conn).await?));
        Ok(Arc::new(Self {
            revision,
            catalogue: company::catalogue(conn).await?,
            warehouses: warehouses.into_iter().collect(),
            closed: warehouse_day::closed(conn).await?,
            daily_orders: company::daily_orders(conn).await?,
            reach,
            routes: waybill::routes(conn).await?,
        }))
    }
}

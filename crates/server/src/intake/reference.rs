//! What intake knows of the company: read once, and again only when the company's files were imported anew.

use std::sync::Arc;

use anyhow::Result;
use liangcang_domain::catalogue::Catalogue;
use liangcang_domain::id::WarehouseId;
use liangcang_domain::warehouse::Carrier;

use super::statements::REVISION;
use crate::database::{Transaction, query};
use crate::store::company;
use crate::store::waybill::{self, Routes};

/// The company, as of a revision.
#[derive(Debug, Default)]
pub struct Reference {
    revision: i64,
    /// What orders are exploded by.
    pub catalogue: Catalogue,
    /// Who carries.
    pub carriers: Vec<Carrier>,
    /// Warehouses with the provinces each serves first, by id.
    pub warehouses: Vec<(WarehouseId, Vec<String>)>,
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
        let sql = "SELECT id, provinces FROM warehouse ORDER BY id";
        let warehouses = query(sql).all::<(String, String)>(conn).await?.into_iter();
        let warehouses = warehouses.map(|(id, provinces)| Ok((id.into(), serde_json::from_str(&provinces)?)));
        Ok(Arc::new(Self {
            revision,
            catalogue: company::catalogue(conn).await?,
            carriers: company::carriers(conn).await?,
            warehouses: warehouses.collect::<Result<_>>()?,
            routes: waybill::routes(conn).await?,
        }))
    }
}

//! All of a campaign, for the page and for the list: its plan or its stock, its limits, its acts.

use anyhow::Result;
use liangcang_domain::id::{SkuId, WarehouseId};
use liangcang_domain::unit::Qty;
use serde::Serialize;

use super::looks::count;
use super::{OfferParts, OfferPlan, ProvinceTaken, Sellable, Taken, publishable};
use crate::database::Transaction;
use crate::store::campaign::{self as table, ActRow, Campaign, State};
use crate::store::company;
use crate::store::quota::{self, QuotaRow};

/// All of a campaign.
#[derive(Clone, Debug, Serialize)]
pub struct Story {
    /// Its own row.
    #[serde(flatten)]
    pub campaign: Campaign,
    /// What it sells, by code.
    pub offers: Vec<OfferPlan>,
    /// What it wants while it is planned; what it has afterwards.
    pub set_aside: Vec<StockRow>,
    /// Provinces that have a quota.
    pub province_quotas: Vec<ProvinceTaken>,
    /// What was done to it, in order.
    pub acts: Vec<ActRow>,
}

/// Stock of a campaign at one place for one channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StockRow {
    /// Where.
    pub warehouse: WarehouseId,
    /// What.
    pub sku: SkuId,
    /// For whose orders; empty: everybody's.
    pub channel: String,
    /// Units planned or set aside.
    pub qty: i64,
    /// Units promised.
    pub held: i64,
    /// Units that left.
    pub settled: i64,
}

/// A campaign in the list.
#[derive(Clone, Debug, Serialize)]
pub struct Listed {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Who hosts the show.
    pub host: String,
    /// Whose orders it takes; empty: any channel's.
    pub channel: String,
    /// Where it stands.
    pub state: State,
    /// Epoch milliseconds.
    pub starts_at: i64,
    /// Epoch milliseconds.
    pub ends_at: i64,
    /// Offers expected to be sold.
    pub expected: i64,
    /// Units planned or set aside.
    pub set_aside: i64,
    /// Units promised.
    pub held: i64,
    /// Units that left.
    pub settled: i64,
    /// Orders taken, cancelled ones too.
    pub orders: i64,
}

async fn stock(look: &mut Transaction, campaign: &Campaign) -> Result<Vec<StockRow>> {
    if campaign.state == State::Planned {
        let wanted = table::last_plan(look, &campaign.id).await?.set_aside.into_iter();
        return Ok(wanted
            .map(|it| StockRow {
                warehouse: it.warehouse,
                sku: it.sku,
                channel: it.channel,
                qty: it.qty,
                held: 0,
                settled: 0,
            })
            .collect());
    }
    let has = |row: QuotaRow| StockRow {
        warehouse: row.warehouse,
        sku: row.sku,
        channel: row.channel,
        qty: row.set_aside,
        held: row.held,
        settled: row.settled,
    };
    Ok(quota::rows(look, &campaign.id).await?.into_iter().map(has).collect())
}

/// All of a campaign; `None` where there is no such.
///
/// # Errors
/// Of the database.
pub async fn story(look: &mut Transaction, id: &str) -> Result<Option<Story>> {
    let Some(campaign) = table::find(look, id).await? else { return Ok(None) };
    let provinces = table::province_quotas(look, id).await?.into_iter();
    Ok(Some(Story {
        offers: table::offers(look, id).await?,
        set_aside: stock(look, &campaign).await?,
        province_quotas: provinces
            .map(|(province, most, taken)| ProvinceTaken { province, most, taken })
            .collect(),
        acts: table::acts(look, id).await?,
        campaign,
    }))
}

/// All campaigns, the latest to start first. `taken` is what is known of the orders they have taken, and is caught up.
///
/// # Errors
/// Of the database.
pub async fn list(look: &mut Transaction, taken: &mut Taken) -> Result<Vec<Listed>> {
    let mut listed = Vec::new();
    for campaign in table::list(look).await? {
        let stock = stock(look, &campaign).await?;
        let expected = table::offers(look, &campaign.id).await?.iter().map(|offer| offer.expected).sum();
        listed.push(Listed {
            orders: count(look, taken, &campaign.id).await?,
            expected,
            set_aside: stock.iter().map(|row| row.qty).sum(),
            held: stock.iter().map(|row| row.held).sum(),
            settled: stock.iter().map(|row| row.settled).sum(),
            id: campaign.id,
            name: campaign.name,
            host: campaign.host,
            channel: campaign.channel,
            state: campaign.state,
            starts_at: campaign.starts_at,
            ends_at: campaign.ends_at,
        });
    }
    Ok(listed)
}

/// What each channel may show for sale now: nothing before the stock is set aside, and nothing after the close, since
/// what is available went back. `None`
/// where there is no such campaign.
///
/// # Errors
/// Of the database.
pub async fn sellable(look: &mut Transaction, id: &str) -> Result<Option<Vec<(String, Vec<Sellable>)>>> {
    let Some(campaign) = table::find(look, id).await? else { return Ok(None) };
    let quotas = quota::rows(look, id).await?;
    let catalogue = company::catalogue(look).await?;
    let mut offers = Vec::new();
    for OfferPlan { code, expected, .. } in table::offers(look, id).await? {
        // The catalogue never loses goods; an offer was among them when it was planned.
        let parts = catalogue.explode([(code.as_str(), Qty::ONE)]).unwrap_or_default();
        let parts = parts.into_iter().map(|(sku, qty)| (sku, qty.0)).collect();
        offers.push(OfferParts { code, expected, parts });
    }
    Ok(Some(publishable(&campaign.channel, &quotas, &offers)))
}

//! Every statement a group of orders runs, and the key its rows are cut by.
//!
//! A statement names one campaign or one warehouse, so that the tables can be spread over machines by these two
//! (`docs/scale.md`); a test reads this list. Tables of the company are small and everywhere the same.

/// What the rows of a statement are cut by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// One campaign.
    Campaign,
    /// One warehouse.
    Warehouse,
    /// Nothing: a small table that every machine has whole.
    Everywhere,
}

/// A statement of the hot path.
#[derive(Clone, Copy, Debug)]
pub struct Hot {
    /// What it does.
    pub name: &'static str,
    /// What its rows are cut by.
    pub key: Key,
    /// Its text; `{}` stands for a list of placeholders or rows.
    pub sql: &'static str,
}

const fn hot(name: &'static str, key: Key, sql: &'static str) -> Hot {
    Hot { name, key, sql }
}

pub(super) const REVISION: &str = "SELECT revision FROM company_revision WHERE id = 1";
pub(super) const LIVE: &str = "SELECT c.id, c.channel, c.starts_at, c.ends_at, o.code FROM campaign c
    JOIN offer o ON o.campaign = c.id WHERE c.state = 'live' AND c.id <> 'daily' ORDER BY c.starts_at DESC, c.id";
pub(super) const BLOCKED: &str = "SELECT key, kind FROM blocked WHERE key IN ({})";
pub(super) const TURN: &str = "UPDATE campaign SET turn = turn + 1 WHERE id = $1
    RETURNING turn, state, split_allowed, buyer_limit, address_limit, unpaid_ms, rules, prices";
pub(super) const OFFERS: &str = "SELECT code, price_fen FROM offer WHERE campaign = $1";
pub(super) const KNOWN: &str =
    "SELECT no, channel, campaign, state, warehouse, carrier, fingerprint, part_of FROM orders
    WHERE campaign = $1 AND no IN ({})";
/// Not of the hot path: asked when a number is taken by an order that this campaign does not have.
pub(super) const KNOWN_ANYWHERE: &str = "SELECT no, channel, campaign, state, warehouse, carrier, fingerprint, part_of FROM orders WHERE no IN ({})";
pub(super) const QUOTAS: &str =
    "SELECT warehouse, sku, channel, set_aside - held - settled FROM quota WHERE campaign = $1";
pub(super) const POOLS: &str = "SELECT sku, on_hand - held FROM pool WHERE warehouse = $1";
pub(super) const PROVINCES: &str = "SELECT province, most, taken FROM province_quota WHERE campaign = $1";
/// An order counts for its buyer and device from the turn it was taken in, for its address and phone from the turn it
/// became readable in, where that was later.
pub(super) const COUNTED: &str = "SELECT o.taken_at, CASE WHEN o.readable_turn = 0 THEN o.address_key ELSE 0 END,
        CASE WHEN o.readable_turn = 0 THEN o.phone_key ELSE 0 END, o.buyer_key, o.device_key, o.turn FROM orders o
    WHERE o.campaign = $1 AND o.turn > 0 AND o.turn > $2
    UNION ALL SELECT r.taken_at, r.address_key, r.phone_key, 0, 0, r.readable_turn FROM orders r
    WHERE r.campaign = $1 AND r.readable_turn > 0 AND r.readable_turn > $2 ORDER BY 6";
pub(super) const UNCOUNTED: &str =
    "SELECT refund, address_key, phone_key, buyer_key, device_key FROM uncounted
    WHERE campaign = $1 AND turn > $2 ORDER BY turn";
pub(super) const NUMBERS: &str = "SELECT carrier, CAST(SUM(last - next + 1) AS BIGINT) FROM waybill_lease
    WHERE warehouse = $1 AND next <= last GROUP BY carrier";
pub(super) const CLAIM_QUOTA: &str = "UPDATE quota SET held = held + $1
    WHERE campaign = $2 AND warehouse = $3 AND sku = $4 AND channel = $5 AND set_aside - held - settled >= $1";
pub(super) const CLAIM_POOL: &str = "UPDATE pool SET held = held + $1
    WHERE warehouse = $2 AND sku = $3 AND on_hand - held >= $1";
pub(super) const CLAIM_PROVINCE: &str = "UPDATE province_quota SET taken = taken + $1
    WHERE campaign = $2 AND province = $3 AND taken + $1 <= most";
pub(super) const REVIEW: &str = "INSERT INTO review (order_no, campaign, state, hits, opened_at) VALUES ";
pub(super) const REFUSE: &str = "INSERT INTO refusal (campaign, order_no, channel, code, reason, at) VALUES ";
pub(super) const REFUSE_AGAIN: &str = " ON CONFLICT (campaign, order_no, channel, code) DO UPDATE
    SET reason = excluded.reason, at = excluded.at";

/// All of them. Those that write rows end in `{}` for the rows.
pub const ALL: &[Hot] = &[
    hot("what is new of the company", Key::Everywhere, REVISION),
    hot("which campaigns are live", Key::Everywhere, LIVE),
    hot("who is blocked", Key::Everywhere, BLOCKED),
    hot("take the campaign's turn", Key::Campaign, TURN),
    hot("what it sells", Key::Campaign, OFFERS),
    hot("which orders are known", Key::Campaign, KNOWN),
    hot("what is left of its stock", Key::Campaign, QUOTAS),
    hot("what is free in a warehouse", Key::Warehouse, POOLS),
    hot("how many orders a warehouse has today", Key::Warehouse, crate::store::warehouse_day::TAKEN),
    hot("what provinces may have", Key::Campaign, PROVINCES),
    hot("which orders count since", Key::Campaign, COUNTED),
    hot("which count no more", Key::Campaign, UNCOUNTED),
    hot("how many waybill numbers are left", Key::Warehouse, NUMBERS),
    hot("claim set-aside stock", Key::Campaign, CLAIM_QUOTA),
    hot("claim free stock", Key::Warehouse, CLAIM_POOL),
    hot("claim a province's quota", Key::Campaign, CLAIM_PROVINCE),
    hot("count orders of the day", Key::Warehouse, crate::store::warehouse_day::COUNT),
    hot("write orders", Key::Campaign, crate::store::order_insert::INSERT),
    hot("open reviews", Key::Campaign, REVIEW),
    hot("note refusals", Key::Campaign, REFUSE),
    hot("how many waybill numbers no warehouse has", Key::Everywhere, crate::store::waybill::UNLEASED),
    hot("look for waybill numbers", Key::Warehouse, crate::store::waybill::LEASES),
    hot("take waybill numbers", Key::Warehouse, crate::store::waybill::TAKE),
    hot("number feed entries", Key::Warehouse, crate::store::feed::NEXT),
    hot("write feed entries", Key::Warehouse, crate::store::feed::WRITE),
];

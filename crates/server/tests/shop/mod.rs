//! A small shop for tests: two warehouses, two SKUs and a bundle of both, on real files in a temporary directory or
//! on a real cluster; and the same shop behind a real port, or as the program itself.

#![expect(dead_code, reason = "each test program uses its own part of the shop")]

pub mod cluster;
pub mod process;
pub mod storefront;

use std::collections::BTreeMap;
use std::sync::Arc;

use liangcang_domain::catalogue::{Bundle, Component, Fragility, Size, Sku};
use liangcang_domain::fact::{Fact, Goods, Recorded};
use liangcang_domain::feed::Lot;
use liangcang_domain::id::{SkuId, WarehouseId};
use liangcang_domain::unit::{EpochMs, Grams, Mm, Qty};
use liangcang_domain::warehouse::{Bin, Carrier, Sender, Warehouse};
use liangcang_server::audit::{Findings, recount};
use liangcang_server::campaign::Looks;
use liangcang_server::catalogue_files::WaybillRange;
use liangcang_server::database::{Database, query};
use liangcang_server::http::{App, Attempts, Tokens, Uploads, router};
use liangcang_server::incoming::{IncomingLine, IncomingOrder, IncomingState, Receiver};
use liangcang_server::intake::{Arrival, Cancelled, Intake, Outcome, cancel_order, take_orders};
use liangcang_server::settings::{Douyin, Settings};
use liangcang_server::store::company::{self, Company};
use liangcang_server::store::station::{self, Station};
use liangcang_server::store::{admin, feed};
use liangcang_server::sync_hop::{NotTaken, exchange};
use liangcang_sync::{Cursors, Entry, LogId, Message, SCHEMA};
use reqwest::Url;
use serde_json::Value;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::Notify;

use cluster::{ClusterDatabase, cluster};

/// The moment tests happen at.
pub const NOW: EpochMs = EpochMs(1_795_400_000_000);
/// The token of the shop's office.
pub const OFFICE: &str = "the-office-token";

pub struct Shop {
    pub database: Database,
    /// The key, and with SQLite the books.
    pub dir: TempDir,
    /// Where the books are, unless they are a file.
    pub cluster: Option<ClusterDatabase>,
}

/// Units of each SKU that lie in each warehouse.
pub type Stock<'a> = &'a [(&'a str, &'a str, i64)];

pub fn receiver(name: &str, phone: &str) -> Receiver {
    Receiver {
        name: name.into(),
        phone: phone.into(),
        province: "上海市".into(),
        city: "上海市".into(),
        district: "浦东新区".into(),
        street: "花木街道".into(),
        detail: "稻香路 88 弄 3 号 501 室".into(),
    }
}

/// A paid order to Shanghai.
pub fn order(no: &str, lines: &[(&str, u32)]) -> IncomingOrder {
    let line = |(code, qty): &(&str, u32)| IncomingLine {
        sub_order_no: format!("{no}-{code}"),
        merchant_code: (*code).into(),
        title: format!("标题 {code}"),
        spec: String::new(),
        qty: *qty,
        paid_fen: 100,
        gift: false,
    };
    IncomingOrder {
        campaign: None,
        buyer: String::new(),
        device: String::new(),
        channel: "douyin".into(),
        order_no: no.into(),
        paid_at_ms: Some(NOW.0 - 1000),
        created_at_ms: None,
        ship_by_ms: None,
        receiver: receiver("李小明", "12000001234"),
        lines: lines.iter().map(line).collect(),
        paid_fen: 100,
        buyer_note: "放门口".into(),
        seller_note: String::new(),
        state: IncomingState::Paid,
    }
}

pub fn to_province(mut order: IncomingOrder, province: &str) -> IncomingOrder {
    order.receiver.province = province.into();
    order
}

fn sku(id: &str) -> Sku {
    Sku {
        id: id.into(),
        name: format!("货品 {id}"),
        short_name: id.into(),
        spoken_zh: id.into(),
        spoken_en: id.into(),
        barcodes: vec![format!("CODE-{id}")],
        gross_weight_g: Grams(5_000),
        size: Size { length_mm: Mm(300), width_mm: Mm(200), height_mm: Mm(100) },
        shelf_life_days: 365,
        fragility: Fragility::Bottle,
        packaging_class: "bottle".into(),
    }
}

pub fn company(stock: Stock<'_>, numbers: u64) -> Company {
    let warehouse = |id: &str, province: &str| Warehouse {
        id: id.into(),
        name: id.into(),
        sender: Sender::default(),
        provinces: vec![province.into()],
    };
    let warehouses = [warehouse("SH", "上海"), warehouse("GZ", "广东")];
    let carrier = Carrier {
        id: "ZTO".into(),
        name: "中通快递".into(),
        service: String::new(),
        cutoff_minute: 1020,
        provinces: Vec::new(),
    };
    let part = |sku: &str| Component { sku: sku.into(), qty: Qty(1) };
    let gift =
        Bundle { id: "GIFT-A".into(), name: "礼盒".into(), components: vec![part("RICE5"), part("OIL5")] };
    let bin = Bin {
        id: "A-01-01-1".into(),
        zone: "A".into(),
        aisle: 1,
        bay: 1,
        level: 1,
        check_digits: "42".into(),
    };
    let lot = |sku: &str| Lot {
        id: "L1".into(),
        sku: sku.into(),
        mfg_date: "2026-10-01".into(),
        expiry: "2027-10-01".into(),
    };
    Company {
        warehouses: warehouses.iter().map(|it| (it.id.clone(), it.clone())).collect(),
        carriers: [(carrier.id.clone(), carrier)].into(),
        skus: ["RICE5", "OIL5"].map(|id| (id.into(), sku(id))).into(),
        bundles: [(gift.id.clone(), gift)].into(),
        bins: warehouses.iter().map(|it| ((it.id.clone(), bin.id.clone()), bin.clone())).collect(),
        lots: ["RICE5", "OIL5"].map(|id| ((id.into(), "L1".into()), lot(id))).into(),
        opening: stock
            .iter()
            .map(|(at, sku, qty)| (((*at).into(), bin.id.clone(), (*sku).into(), "L1".into()), Qty(*qty)))
            .collect(),
        ranges: vec![WaybillRange {
            carrier: "ZTO".into(),
            prefix: String::new(),
            first: 731_000_000_001,
            last: 731_000_000_000 + numbers,
            digits: 12,
        }],
        ..Company::default()
    }
}

/// A pool as it stands.
#[derive(Debug, PartialEq, Eq)]
pub struct Pool {
    pub on_hand: i64,
    pub held: i64,
    pub shipped: i64,
    pub owed: i64,
}

impl Shop {
    /// With so much stock and a thousand waybill numbers.
    pub async fn with(stock: Stock<'_>) -> Self {
        Self::of(&company(stock, 1_000)).await
    }

    /// Of this company, on the cluster the tests were given or else on a file.
    pub async fn of(company: &Company) -> Self {
        Self::on(cluster(), company).await
    }

    pub async fn on(cluster: Option<Url>, company: &Company) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let cluster = match cluster {
            Some(cluster) => Some(ClusterDatabase::make(cluster, dir.path(), true).await),
            None => None,
        };
        let database = match &cluster {
            Some(cluster) => Database::open_postgres(dir.path(), &cluster.address()).await,
            None => Database::open(dir.path()).await,
        };
        let database = database.unwrap();
        let mut tx = database.begin().await.unwrap();
        company::import(&mut tx, company).await.unwrap();
        admin::add_token(&mut tx, OFFICE, NOW).await.unwrap();
        tx.commit().await.unwrap();
        Self { database, dir, cluster }
    }

    pub async fn take(&self, orders: &[IncomingOrder]) -> Vec<Outcome> {
        let group: Vec<Arrival<'_>> = orders.iter().map(Arrival::from).collect();
        take_orders(&self.database, NOW, &group).await.unwrap()
    }

    pub async fn cancel(&self, no: &str) -> Cancelled {
        let mut tx = self.database.begin().await.unwrap();
        let done = cancel_order(&mut tx, "douyin", &no.into(), "不想要了", NOW).await.unwrap();
        tx.commit().await.unwrap();
        done
    }

    pub async fn pool(&self, warehouse: &str, sku: &str) -> Pool {
        let sql = "SELECT on_hand, held, shipped, owed FROM pool WHERE warehouse = $1 AND sku = $2";
        let mut look = self.database.look().await.unwrap();
        let row = query(sql).bind(warehouse).bind(sku).one(&mut look).await.unwrap();
        let (on_hand, held, shipped, owed) = row;
        Pool { on_hand, held, shipped, owed }
    }

    /// The answer to a question that is one number.
    pub async fn count(&self, sql: &'static str) -> i64 {
        let mut look = self.database.look().await.unwrap();
        query(sql).scalar(&mut look).await.unwrap()
    }

    /// The answer to a question that is one text.
    pub async fn text(&self, sql: &'static str) -> String {
        let mut look = self.database.look().await.unwrap();
        query(sql).scalar(&mut look).await.unwrap()
    }

    pub async fn state(&self, no: &str) -> String {
        let mut look = self.database.look().await.unwrap();
        let sql = "SELECT state FROM orders WHERE no = $1";
        query(sql).bind(no).scalar(&mut look).await.unwrap()
    }

    /// Every order that is there, with its warehouse.
    pub async fn orders(&self) -> BTreeMap<String, String> {
        let mut look = self.database.look().await.unwrap();
        let all = query("SELECT no, warehouse FROM orders").all::<(String, String)>(&mut look).await.unwrap();
        all.into_iter().collect()
    }

    /// Every body of a warehouse's feed, opened.
    pub async fn feed(&self, warehouse: &str) -> Vec<Value> {
        let warehouse = WarehouseId::from(warehouse);
        let mut look = self.database.look().await.unwrap();
        let head = feed::head(&mut look, &warehouse).await.unwrap();
        let entries = feed::between(&mut look, self.database.key(), &warehouse, (1, head)).await.unwrap();
        entries.iter().map(|entry| serde_json::from_str(entry.body.get()).unwrap()).collect()
    }

    pub async fn waybill(&self, no: &str) -> String {
        let mut look = self.database.look().await.unwrap();
        let sql = "SELECT waybill_no FROM orders WHERE no = $1";
        query(sql).bind(no).scalar(&mut look).await.unwrap()
    }

    pub async fn audit(&self) -> Findings {
        recount(&self.database).await.unwrap()
    }

    pub async fn assert_clean(&self) {
        assert_eq!(self.audit().await.differences, Vec::<String>::new());
    }

    /// A station of a warehouse, enrolled.
    pub async fn station(&self, warehouse: &str) -> (Station, String) {
        let mut tx = self.database.begin().await.unwrap();
        let code = station::make_code(&mut tx, &warehouse.into(), NOW).await.unwrap();
        let enrolled = station::enrol(&mut tx, &code, "打包台", "hardware", NOW).await.unwrap().unwrap();
        tx.commit().await.unwrap();
        enrolled
    }

    /// Sends facts of a station, numbered from `first`.
    pub async fn send(&self, from: &Station, first: u64, facts: &[Fact]) -> Result<Message, NotTaken> {
        let entries = (first..).zip(facts).map(|(seq, fact)| entry(from, seq, fact)).collect();
        exchange(&self.database, from, Message::new(Cursors::default(), entries, false)).await
    }
}

pub fn entry(from: &Station, seq: u64, fact: &Fact) -> Entry {
    let recorded = Recorded {
        gesture: format!("g{seq}").as_str().into(),
        at: NOW,
        by: "W01".into(),
        station: from.id.clone(),
        fact: fact.clone(),
    };
    let body = serde_json::value::to_raw_value(&recorded).unwrap();
    Entry { log: LogId::first(from.id.as_str()), seq, schema: SCHEMA, body }
}

pub fn goods(units: &[(&str, i64)]) -> Vec<Goods> {
    units
        .iter()
        .map(|(sku, qty)| Goods { sku: SkuId::from(*sku), lot: "L1".into(), qty: Qty(*qty) })
        .collect()
}

pub fn packed(no: &str, waybill: &str, units: &[(&str, i64)]) -> Fact {
    Fact::Packed { order: no.into(), waybill: waybill.into(), gross: Grams(5_300), goods: goods(units) }
}

pub fn scanned_out(no: &str, waybill: &str, units: &[(&str, i64)]) -> Fact {
    Fact::ScannedOut {
        order: no.into(),
        waybill: waybill.into(),
        print: "P1".into(),
        carrier: "ZTO".into(),
        cage: "CAGE-ZTO-01".into(),
        goods: goods(units),
    }
}

/// The shop behind a port.
pub struct Open {
    pub shop: Shop,
    pub url: String,
    pub http: reqwest::Client,
    pub bell: Arc<Notify>,
}

/// The Douyin app tests sign with; the keys are those of the published test vector.
pub fn douyin(api: &str) -> Douyin {
    Douyin {
        app_key: "7000000000000000001".into(),
        app_secret: "00000000-aaaa-bbbb-cccc-111111111111".into(),
        access_token: "token".into(),
        api: api.into(),
    }
}

impl Open {
    pub async fn with(stock: Stock<'_>) -> Self {
        Self::shop(Shop::with(stock).await).await
    }

    pub async fn shop(shop: Shop) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let bell = Arc::new(Notify::new());
        let app = App {
            database: shop.database.clone(),
            attempts: Attempts::default(),
            uploads: Uploads::default(),
            settings: Settings { douyin: Some(douyin("http://127.0.0.1:9")) },
            intake: Intake::start(shop.database.clone()).0,
            looks: Looks::default(),
            tokens: Tokens::default(),
            platform_bell: Arc::clone(&bell),
        };
        let url = serve(router(Arc::new(app))).await;
        let policy = reqwest::redirect::Policy::none();
        let http = reqwest::Client::builder().no_proxy().redirect(policy).build().unwrap();
        Self { shop, url, http, bell }
    }

    pub fn get(&self, path: &str) -> reqwest::RequestBuilder {
        self.http.get(format!("{}{path}", self.url))
    }

    pub fn post(&self, path: &str) -> reqwest::RequestBuilder {
        self.http.post(format!("{}{path}", self.url))
    }
}

/// Serves a router on a port of the system's choice for as long as the test runs.
pub async fn serve(router: axum::Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(liangcang_server::http::serve(listener, router, std::future::pending()));
    format!("http://{address}")
}

/// Status and body of an answer.
pub async fn answer(request: reqwest::RequestBuilder) -> (u16, Value) {
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    let text = answer.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

/// Counts things by a word, for reading a feed.
pub fn tally(entries: &[Value]) -> BTreeMap<String, usize> {
    let mut tally = BTreeMap::new();
    for entry in entries {
        *tally.entry(entry["entry"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    tally
}

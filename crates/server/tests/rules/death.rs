//! The real server process, killed while it imports: what was said is done, and the rest goes on after.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use crate::shop::process::Server;
use crate::shop::{OFFICE, Shop};

const ORDERS: usize = 6_000;
const PATIENCE: Duration = Duration::from_secs(60);

/// A Douyin export (custom report) of single sacks.
fn export() -> String {
    let mut text = "\u{feff}主订单编号,子订单编号,商家编码,商品数量,订单应付金额,收件人,收件人手机号,省,市,区,详细地址,订单状态\n".to_owned();
    for n in 0..ORDERS {
        let no = 6_917_000_000_000_001_003_u64 + n as u64 * 7;
        let _ = writeln!(
            text,
            "\"\t{no}\",\"\t{no}\",RICE5,1,59.90,王小米,12000001234,上海市,上海市,浦东新区,稻香路 1 号,待发货"
        );
    }
    text
}

async fn import(url: &str) -> reqwest::Result<serde_json::Value> {
    let http = reqwest::Client::builder().no_proxy().build()?;
    let sent = http.post(format!("{url}/api/import/orders")).bearer_auth(OFFICE).body(export()).send();
    sent.await?.json().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_killed_in_the_middle_of_an_import_has_whole_orders_and_takes_the_rest_once() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let shop = Shop::of(&crate::shop::company(&[("SH", "RICE5", ORDERS as i64)], ORDERS as u64)).await;
    for round in 1..=2 {
        let mut server = Server::start(shop.program());
        let url = server.url.clone();
        let before = shop.count("SELECT COUNT(*) FROM orders").await;
        let running = tokio::spawn(async move { import(&url).await });
        let deadline = Instant::now() + PATIENCE;
        while shop.count("SELECT COUNT(*) FROM orders").await == before {
            assert!(Instant::now() < deadline, "round {round}: no group was committed in a minute");
            tokio::task::yield_now().await;
        }
        server.kill();
        assert!(running.await.unwrap().is_err(), "round {round}: the import was answered before the kill");
        let (clean, said) = shop.audit_by_command();
        assert!(clean, "round {round}: {said}");
        let there = shop.count("SELECT COUNT(*) FROM orders").await;
        assert!(there > 0 && there < ORDERS as i64, "round {round}: {there} orders");
    }
    let mut server = Server::start(shop.program());
    let there = shop.count("SELECT COUNT(*) FROM orders").await;
    let answer = import(&server.url).await.unwrap();
    assert_eq!(answer["taken"]["duplicates"], there);
    assert_eq!(answer["taken"]["accepted"], ORDERS as i64 - there);
    server.kill();
    let (clean, said) = shop.audit_by_command();
    assert!(clean, "{said}");
    let pool = shop.pool("SH", "RICE5").await;
    assert_eq!((pool.on_hand, pool.held), (ORDERS as i64, ORDERS as i64));
    assert_eq!(shop.count("SELECT COUNT(DISTINCT waybill_no) FROM orders").await, ORDERS as i64);
}

#[test]
fn an_audit_names_a_difference_and_says_so_by_its_exit_status() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let shop = runtime.block_on(async {
        let shop = Shop::with(&[("SH", "RICE5", 5)]).await;
        shop.take(&[crate::shop::order("1", &[("RICE5", 1)])]).await;
        let mut tx = shop.database.begin().await.unwrap();
        liangcang_server::database::query("UPDATE pool SET held = 2 WHERE sku = 'RICE5'")
            .execute(&mut tx)
            .await
            .unwrap();
        liangcang_server::database::query("DELETE FROM feed WHERE seq = 1").execute(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        shop
    });
    let (clean, said) = shop.audit_by_command();
    assert!(!clean);
    assert!(said.contains("pool SH RICE5 says held 2, its holds sum to 1"), "{said}");
    assert!(said.contains("the feed of SH has"), "{said}");
}

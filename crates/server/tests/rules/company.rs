//! Importing the company again.

use liangcang_domain::unit::Qty;
use liangcang_server::store::company;

use crate::shop::{Shop, company as files, tally};

#[tokio::test]
async fn importing_the_same_company_again_tells_nobody_anything() {
    let files = files(&[("SH", "RICE5", 5)], 10);
    let shop = Shop::of(&files).await;
    let mut tx = shop.database.begin().await.unwrap();
    assert_eq!(company::read(&mut tx).await.unwrap(), files);
    assert_eq!(company::import(&mut tx, &files).await.unwrap(), company::Imported::default());
    tx.commit().await.unwrap();
    assert_eq!(shop.pool("SH", "RICE5").await.on_hand, 5);
    shop.assert_clean().await;
}

#[tokio::test]
async fn a_changed_sku_is_told_to_every_warehouse_and_nothing_else_is() {
    let mut files = files(&[("SH", "RICE5", 5)], 10);
    let shop = Shop::of(&files).await;
    let before = (shop.feed("SH").await, shop.feed("GZ").await);
    files.skus.get_mut(&"RICE5".into()).unwrap().name = "新名".into();
    let mut tx = shop.database.begin().await.unwrap();
    assert_eq!(company::import(&mut tx, &files).await.unwrap().entries, 2);
    tx.commit().await.unwrap();
    for (warehouse, before) in [("SH", before.0), ("GZ", before.1)] {
        let feed = shop.feed(warehouse).await;
        assert_eq!(feed.len(), before.len() + 1);
        assert_eq!(feed.last().unwrap()["sku"]["name"], "新名");
    }
}

#[tokio::test]
async fn opening_stock_is_taken_once_and_a_changed_figure_is_named() {
    let mut files = files(&[("SH", "RICE5", 5)], 10);
    let shop = Shop::of(&files).await;
    *files.opening.values_mut().next().unwrap() = Qty(7);
    let mut tx = shop.database.begin().await.unwrap();
    let imported = company::import(&mut tx, &files).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(imported.opening_kept, ["SH A-01-01-1 RICE5 L1"]);
    assert_eq!(shop.pool("SH", "RICE5").await.on_hand, 5);
    assert_eq!(tally(&shop.feed("SH").await)["opening"], 1);
}

#[tokio::test]
async fn a_warehouse_that_is_new_is_told_the_whole_catalogue() {
    let mut files = files(&[], 10);
    let gz = files.warehouses.remove(&"GZ".into()).unwrap();
    files.bins.retain(|(at, _), _| at.as_str() == "SH");
    let shop = Shop::of(&files).await;
    files.warehouses.insert(gz.id.clone(), gz);
    let mut tx = shop.database.begin().await.unwrap();
    company::import(&mut tx, &files).await.unwrap();
    tx.commit().await.unwrap();
    let told = tally(&shop.feed("GZ").await);
    assert_eq!((told["warehouse"], told["sku"], told["bundle"], told["lot"]), (1, 2, 1, 2));
}

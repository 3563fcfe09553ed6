//! `/console/import`, as a browser uses it.

use reqwest::multipart::{Form, Part};

use super::imports::{HEADINGS, row};
use crate::shop::{OFFICE, Open};

async fn page(request: reqwest::RequestBuilder) -> (u16, String) {
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

/// As a page of this server sends a form.
fn form(open: &Open, path: &str) -> reqwest::RequestBuilder {
    open.post(path).header("origin", &open.url).header("cookie", format!("liangcang_office={OFFICE}"))
}

fn upload(open: &Open, text: &str) -> reqwest::RequestBuilder {
    let file = Part::bytes(text.as_bytes().to_vec()).file_name("orders.csv");
    form(open, "/console/import/preview").multipart(Form::new().part("file", file).text("mapping", ""))
}

/// The value of a hidden field.
fn hidden(page: &str, name: &str) -> String {
    let after = page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap();
    after.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_stranger_sees_the_sign_in_form_and_a_right_token_becomes_a_cookie_scripts_cannot_read() {
    let open = Open::with(&[]).await;
    let (status, text) = page(open.get("/console/import")).await;
    assert!(status == 200 && text.contains("name=\"token\"") && !text.contains("name=\"file\""), "{text}");
    let wrong = open.post("/console/sign-in").header("origin", &open.url).form(&[("token", "no")]);
    assert_eq!(page(wrong).await.0, 401);
    let right = open.post("/console/sign-in").header("origin", &open.url).form(&[("token", OFFICE)]);
    let answer = right.send().await.unwrap();
    assert_eq!(answer.status(), 303);
    let cookie = answer.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    let (_, text) =
        page(open.get("/console/import").header("cookie", cookie.split(';').next().unwrap())).await;
    assert!(text.contains("name=\"file\""), "{text}");
}

#[tokio::test]
async fn a_form_from_another_site_is_refused_even_with_the_cookie() {
    let open = Open::with(&[]).await;
    for origin in ["http://evil.example", "null"] {
        let request = open
            .post("/console/import/run")
            .header("origin", origin)
            .header("cookie", format!("liangcang_office={OFFICE}"))
            .form(&[("upload", "x"), ("mapping", "")]);
        assert_eq!(page(request).await.0, 403, "{origin}");
    }
    let without = open.post("/console/import/run").header("cookie", format!("liangcang_office={OFFICE}"));
    assert_eq!(page(without.form(&[("upload", "x"), ("mapping", "")])).await.0, 403);
}

#[tokio::test]
async fn a_file_is_looked_at_then_imported_and_bad_rows_are_shown_by_row_and_reason() {
    let open = Open::with(&[("SH", "RICE5", 3)]).await;
    let text = format!(
        "{HEADINGS}\n{}{}",
        row("1001", "RICE5", "1", "待发货"),
        row("1002", "RICE5", "-1", "待发货")
    );
    let (status, preview) = page(upload(&open, &text)).await;
    assert_eq!(status, 200);
    assert!(preview.contains("<td>3</td><td>1002</td><td>商品数量</td><td>数量为负数</td>"), "{preview}");
    assert!(!preview.contains("王小米") && !preview.contains("12000001234"), "no personal data on the page");
    let run = [("upload", hidden(&preview, "upload")), ("mapping", String::new())];
    let (status, done) = page(form(&open, "/console/import/run?lang=en").form(&run)).await;
    assert_eq!(status, 200);
    assert!(done.contains("<dt>Accepted</dt><dd>1</dd>"), "{done}");
    assert_eq!(open.shop.count("SELECT COUNT(*) FROM orders").await, 1);
    assert_eq!(page(form(&open, "/console/import/run").form(&run)).await.0, 404, "the file is forgotten");
}

#[tokio::test]
async fn unknown_headings_are_asked_for_stored_under_a_name_and_known_the_next_time() {
    let open = Open::with(&[("SH", "RICE5", 3)]).await;
    let text =
        "订单号,货号,数量,姓名,电话,省份,城市,地址\nQD1,RICE5,1,王小米,12000001234,上海,上海市,稻香路\n";
    let (_, asked) = page(upload(&open, text)).await;
    assert!(asked.contains("<select name=\"col_order_no\" required>"), "{asked}");
    let id = hidden(&asked, "upload");
    let mut fields = vec![("upload", id.as_str()), ("name", "别家店"), ("channel", "other_shop")];
    let named = [
        ("col_order_no", "订单号"),
        ("col_merchant_code", "货号"),
        ("col_qty", "数量"),
        ("col_name", "姓名"),
        ("col_phone", "电话"),
        ("col_province", "省份"),
        ("col_city", "城市"),
    ];
    fields.extend(named);
    let (_, missing) = page(form(&open, "/console/import/mapping").form(&fields)).await;
    assert!(missing.contains("详细地址") && missing.contains("role=\"alert\""), "{missing}");
    assert!(missing.contains("<option value=\"货号\" selected>"), "what was chosen stays chosen: {missing}");
    fields.push(("col_detail", "地址"));
    let (_, preview) = page(form(&open, "/console/import/mapping").form(&fields)).await;
    let run = [("upload", hidden(&preview, "upload")), ("mapping", hidden(&preview, "mapping"))];
    assert_eq!(run[1].1, "别家店");
    let (_, done) = page(form(&open, "/console/import/run").form(&run)).await;
    assert!(done.contains("<dt>已接单</dt><dd>1</dd>"), "{done}");
    let (_, start) = page(form(&open, "/console/sign-out")).await;
    assert_eq!(start, "");
    let cookie = format!("liangcang_office={OFFICE}");
    let (_, start) = page(open.get("/console/import").header("cookie", cookie)).await;
    assert!(start.contains("<option value=\"别家店\">"), "{start}");
}

#[tokio::test]
async fn the_office_pages_bring_scripts_of_our_own_and_no_others() {
    let open = Open::with(&[]).await;
    let answer = open.get("/console/").send().await.unwrap();
    let policy = answer.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("default-src 'none'") && policy.contains("script-src 'self';"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    assert_eq!(answer.headers()["cache-control"], "no-cache", "the next release is seen at once");
    let (_, index) = page(open.get("/console/")).await;
    let script = index.split("src=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let answer = open.get(&script).send().await.unwrap();
    assert!(answer.headers()["content-type"].to_str().unwrap().contains("javascript"), "{script}");
    assert!(answer.headers()["cache-control"].to_str().unwrap().contains("immutable"), "{script}");
}

#[tokio::test]
async fn an_address_the_pages_understand_shows_them_and_a_file_that_is_gone_is_not_found() {
    let open = Open::with(&[]).await;
    let (_, index) = page(open.get("/console/")).await;
    assert_eq!(page(open.get("/console/live/show-1")).await, (200, index));
    assert_eq!(page(open.get("/console/assets/of-an-older-release.js")).await.0, 404);
    let (status, import) = page(open.get("/console/import")).await;
    assert!(
        status == 200 && import.contains("name=\"token\""),
        "the page without scripts stays where it was"
    );
}

#[tokio::test]
async fn what_a_plan_chooses_from_is_told_to_the_office_alone() {
    let open = Open::with(&[("SH", "RICE5", 3)]).await;
    assert_eq!(page(open.get("/api/planning")).await.0, 401);
    assert_eq!(page(open.get("/api/import/mappings")).await.0, 401);
    let (status, text) = page(open.get("/api/planning").bearer_auth(OFFICE)).await;
    assert_eq!(status, 200);
    let told: serde_json::Value = serde_json::from_str(&text).unwrap();
    let shanghai = told["warehouses"].as_array().unwrap().iter().find(|it| it["id"] == "SH").unwrap();
    assert_eq!(shanghai["free"][0], serde_json::json!({ "sku": "RICE5", "units": 3 }));
    assert_eq!(told["bundles"][0]["parts"].as_array().unwrap().len(), 2, "{text}");
    assert_eq!(told["rules"]["vague_address"]["on"], true);
}

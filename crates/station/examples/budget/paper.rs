//! Labels as PDF: how long one takes and how large it is, each a document of its own, as the station gives it out.

use crate::company::scattered;
use crate::figures::{Figure, Judged};
use crate::shift::millis;
use anyhow::Result;
use liangcang_devices::label::{LabelContent, LabelFont, LabelSize, labels_pdf};
use std::path::Path;
use std::time::Instant;

const FONTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/fonts");
/// Drawn before anything is timed: a station has parsed its fonts when the first label is asked for.
const WARM_UP: u64 = 5;

/// Draws `count` labels of 100 x 150 mm.
pub fn measure(count: u64, folder: &Path) -> Result<()> {
    let face = |name: &str| std::fs::read(Path::new(FONTS).join(name));
    let font = LabelFont::parse(face("LiangcangSansSC.otf")?, face("LiangcangSansSC-Bold.otf")?)?;
    let (mut times, mut sizes) = (vec![], vec![]);
    for number in 0..WARM_UP + count {
        let label = [content(number)];
        let begun = Instant::now();
        let pdf = labels_pdf(&label, LabelSize::Mm100x150, &font)?;
        let time = millis(begun.elapsed());
        if number >= WARM_UP {
            times.push(time);
            sizes.push(pdf.len() as f64);
        }
    }
    Figure::of("label_pdf_time", "ms", times, Judged::P99)?.write(folder)?;
    Figure::of("label_pdf_size", "bytes", sizes, Judged::Largest)?.write(folder)
}

/// A label like no other: names and places differ, so the characters that are embedded do, too.
fn content(number: u64) -> LabelContent {
    let pick = |salt: u64, from: &[&str]| {
        let at = scattered(number * 8 + salt) % from.len() as u64;
        usize::try_from(at).ok().and_then(|at| from.get(at)).copied().unwrap_or_default().to_owned()
    };
    let city = pick(
        1,
        &[
            "浙江省杭州市余杭区",
            "江苏省苏州市昆山市",
            "广东省广州市番禺区",
            "黑龙江省哈尔滨市五常市",
            "四川省成都市武侯区",
        ],
    );
    let street = pick(
        2,
        &["文一西路", "沪南公路", "天府大道北段", "珠江新城华夏路", "环城东路", "解放南路", "龙湖街道玉兰巷"],
    );
    let name = pick(3, &["张", "欧阳", "李", "诸葛", "魏", "龚", "阚", "瞿"]);
    LabelContent {
        carrier_name: pick(4, &["顺丰速运", "中通快递"]),
        service: "标准快递".to_owned(),
        waybill_no: format!("SF7{:012}", 444_407_670_710 + number),
        route_code: format!("{:03}WR-AE-{:03}", scattered(number) % 900 + 100, number % 1_000),
        consolidation: pick(5, &["上海浦东航头集散", "杭州转运中心", "成都双流枢纽"]),
        receiver_name: format!("{name}*"),
        receiver_phone: format!("138****{:04}", number % 10_000),
        receiver_address: format!("{city}{street}{}号{}幢***", number % 900 + 1, number % 40 + 1),
        sender_name: "良仓粮油旗舰店".to_owned(),
        sender_phone: "021-5888****".to_owned(),
        sender_address: "上海市奉贤区金汇镇工业路669号3号库".to_owned(),
        order_no: format!("692{number:016}"),
        parcel_line: format!("{} 件 · {}.{} kg", number % 5 + 1, number % 20, number % 10),
        print_id: format!("692{number:016}-1"),
        reprint: None,
        printed_at: "2026-11-24 20:15".to_owned(),
    }
}

//! Labels as they leave the program, read back by programs that share nothing with ours: zbarimg for the
//! codes, pdftotext and pdftoppm for the PDF (`scripts/setup.sh --tests` installs them).

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::path::Path;
use std::process::Command;

use liangcang_devices::label::{
    Bitmap, Element, LabelContent, LabelFault, LabelFont, LabelSize, Manifest, ManifestParcel, Resolution,
    labels_pdf, layout, manifest_pdf, raster,
};

fn font() -> LabelFont {
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/fonts");
    let face = |name| std::fs::read(place.join(name)).unwrap();
    LabelFont::parse(face("LiangcangSansSC.otf"), face("LiangcangSansSC-Bold.otf")).unwrap()
}

fn content() -> LabelContent {
    LabelContent {
        carrier_name: "顺丰速运".into(),
        service: "标准快递".into(),
        waybill_no: "SF7444407670710".into(),
        route_code: "021WR-AE-007".into(),
        consolidation: "上海浦东航头集散".into(),
        receiver_name: "张*".into(),
        receiver_phone: "138****5678".into(),
        receiver_address: "上海市浦东新区航头镇沪南公路5469弄金地艺境佳苑12号楼***".into(),
        sender_name: "良仓粮油旗舰店".into(),
        sender_phone: "021-5888****".into(),
        sender_address: "上海市奉贤区金汇镇工业路669号3号库".into(),
        order_no: "6917241866513454021".into(),
        parcel_line: "3 件 · 12.4 kg".into(),
        print_id: "P-0192-7f3a".into(),
        reprint: None,
        printed_at: "2026-11-24 20:15:07".into(),
    }
}

fn draw(content: &LabelContent, size: LabelSize, resolution: Resolution, font: &LabelFont) -> Bitmap {
    raster(&layout(content, size, font).unwrap(), size.tenths(), resolution, font)
}

fn write_png(bitmap: &Bitmap, path: &Path) {
    let file = std::fs::File::create(path).unwrap();
    let (width, height) = (u32::try_from(bitmap.width).unwrap(), u32::try_from(bitmap.height).unwrap());
    let mut encoder = png::Encoder::new(file, width, height);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    let light: Vec<u8> = bitmap.bits.iter().map(|byte| !byte).collect();
    encoder.write_header().unwrap().write_image_data(&light).unwrap();
}

fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    let output = output.unwrap_or_else(|error| panic!("{program} must be installed for this test: {error}"));
    String::from_utf8(output.stdout).unwrap()
}

/// The codes that an independent decoder finds in an image, sorted.
fn decoded(image: &Path) -> Vec<String> {
    let found = run("zbarimg", &["-q", image.to_str().unwrap()]);
    let mut found: Vec<String> = found.lines().map(str::to_owned).collect();
    found.sort();
    found
}

/// Whether all ink lies within the border, which stands 2 mm from the edge at least.
fn is_inside(bitmap: &Bitmap, margin: usize) -> bool {
    let edge = |x: usize, y: usize| {
        x < margin || y < margin || x >= bitmap.width - margin || y >= bitmap.height - margin
    };
    (0..bitmap.height).all(|y| (0..bitmap.width).all(|x| !edge(x, y) || !bitmap.is_black(x, y)))
}

#[test]
fn both_codes_of_every_printed_label_are_read_by_an_independent_decoder() {
    let (font, place) = (font(), tempfile::tempdir().unwrap());
    for waybill_no in ["SF7444407670710", "73100196611386", "JDVA12345678901-1-1-"] {
        for size in [LabelSize::Mm100x150, LabelSize::Mm76x130] {
            for resolution in [Resolution::Dpi203, Resolution::Dpi300] {
                let label = LabelContent { waybill_no: waybill_no.into(), ..content() };
                let image = place.path().join("label.png");
                write_png(&draw(&label, size, resolution, &font), &image);
                let wanted = [format!("CODE-128:{waybill_no}"), format!("QR-Code:{waybill_no}")];
                let found = decoded(&image);
                assert!(wanted.iter().all(|code| found.contains(code)), "{size:?} {resolution:?}: {found:?}");
            }
        }
    }
}

#[test]
fn the_pdf_has_the_same_codes_its_text_and_is_small() {
    let (font, place) = (font(), tempfile::tempdir().unwrap());
    let second = LabelContent { waybill_no: "SF7444439535578".into(), ..content() };
    let one = labels_pdf(&[content()], LabelSize::Mm100x150, &font).unwrap();
    assert!(one.len() < 30_000, "{} bytes", one.len());
    let pdf = place.path().join("labels.pdf");
    std::fs::write(&pdf, labels_pdf(&[content(), second], LabelSize::Mm100x150, &font).unwrap()).unwrap();
    let pdf = pdf.to_str().unwrap();
    let text = run("pdftotext", &[pdf, "-"]);
    for part in ["顺丰速运", "021WR-AE-007", "上海浦东航头集散", "沪南公路5469弄", "P-0192-7f3a"]
    {
        assert!(text.contains(part), "{part} is missing in {text}");
    }
    let pages = place.path().join("page");
    run("pdftoppm", &["-r", "203", "-png", pdf, pages.to_str().unwrap()]);
    for (page, waybill_no) in [(1, "SF7444407670710"), (2, "SF7444439535578")] {
        let found = decoded(&place.path().join(format!("page-{page}.png")));
        let wanted = [format!("CODE-128:{waybill_no}"), format!("QR-Code:{waybill_no}")];
        assert!(wanted.iter().all(|code| found.contains(code)), "{found:?}");
    }
}

#[test]
fn text_of_any_length_stays_within_the_border() {
    let font = font();
    let long = "内蒙古自治区呼伦贝尔市鄂温克族自治旗ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789".repeat(6);
    let label = LabelContent {
        carrier_name: long.clone(),
        service: long.clone(),
        route_code: long.clone(),
        consolidation: long.clone(),
        receiver_name: long.clone(),
        receiver_phone: long.clone(),
        receiver_address: long.clone(),
        sender_name: long.clone(),
        sender_address: long.clone(),
        order_no: long.clone(),
        parcel_line: long.clone(),
        print_id: long.clone(),
        reprint: Some(long),
        ..content()
    };
    for size in [LabelSize::Mm100x150, LabelSize::Mm76x130] {
        assert!(is_inside(&draw(&label, size, Resolution::Dpi203, &font), 15), "{size:?}");
    }
}

#[test]
fn empty_fields_and_line_ends_in_fields_are_drawn_without_harm() {
    let font = font();
    let label = LabelContent {
        consolidation: String::new(),
        receiver_address: "一号\r\n二号\t三号".into(),
        parcel_line: String::new(),
        ..content()
    };
    let bitmap = draw(&label, LabelSize::Mm76x130, Resolution::Dpi203, &font);
    assert_eq!(bitmap.missing, [] as [char; 0]);
}

#[test]
fn a_character_that_the_font_lacks_is_named_once() {
    let font = font();
    let label = LabelContent { receiver_name: "张\u{e123}\u{e123}".into(), ..content() };
    assert_eq!(draw(&label, LabelSize::Mm100x150, Resolution::Dpi203, &font).missing, ['\u{e123}']);
    let pdf = labels_pdf(&[label], LabelSize::Mm100x150, &font).unwrap();
    assert!(pdf.starts_with(b"%PDF"));
}

#[test]
fn a_reprint_is_marked_beside_the_carrier_and_gives_its_reason() {
    let font = font();
    let texts = |label: &LabelContent| -> Vec<String> {
        let elements = layout(label, LabelSize::Mm100x150, &font).unwrap().into_iter();
        elements
            .filter_map(|element| if let Element::Text { text, .. } = element { Some(text) } else { None })
            .collect()
    };
    let marks =
        |label: &LabelContent| texts(label).into_iter().filter(|text| text.starts_with("补打")).collect();
    let first: Vec<String> = marks(&content());
    assert_eq!(first, [] as [&str; 0]);
    let again: Vec<String> = marks(&LabelContent { reprint: Some("标签撕坏".into()), ..content() });
    assert_eq!(again, ["补打", "补打：标签撕坏"]);
    assert!(texts(&content()).contains(&"P-0192-7f3a".to_owned()));
}

#[test]
fn a_number_that_no_bar_code_can_carry_is_refused_by_name() {
    let font = font();
    let fault = |waybill_no: &str| {
        let label = LabelContent { waybill_no: waybill_no.into(), ..content() };
        layout(&label, LabelSize::Mm76x130, &font).unwrap_err()
    };
    assert_eq!(fault(""), LabelFault::NotEncodable);
    assert_eq!(fault("顺丰7444"), LabelFault::NotEncodable);
    assert_eq!(fault(&"SF74-".repeat(20)), LabelFault::CodeTooLong { characters: 100 });
}

#[test]
fn the_manifest_lists_every_parcel_and_its_number_can_be_scanned() {
    let (font, place) = (font(), tempfile::tempdir().unwrap());
    let parcel = |index: i64| ManifestParcel {
        waybill_no: format!("SF74444{:08}", 7_670_000 + index),
        order_no: format!("69172418665134{index:05}"),
        weight_g: 5_000 + index,
    };
    let manifest = Manifest {
        manifest_no: "HO-SH-20261124-0007".into(),
        warehouse: "上海奉贤仓".into(),
        carrier: "顺丰速运".into(),
        cage: "CAGE-SF-01".into(),
        operator: "李敏".into(),
        handed_over_at: "2026-11-24 21:30".into(),
        parcels: (0..70).map(parcel).collect(),
    };
    let pdf = place.path().join("manifest.pdf");
    std::fs::write(&pdf, manifest_pdf(&manifest, &font).unwrap()).unwrap();
    let pdf = pdf.to_str().unwrap();
    // How wide a blank must be to be one is the reader's own taste.
    let text: String = run("pdftotext", &["-layout", pdf, "-"]).split_whitespace().collect();
    for parcel in &manifest.parcels {
        assert!(text.contains(&parcel.waybill_no) && text.contains(&parcel.order_no), "{parcel:?}");
    }
    for part in ["快递交接单", "合计70件，352.415kg", "第3页/共3页", "承运商揽收人签字"]
    {
        assert!(text.contains(part), "{part} is missing in {text}");
    }
    let page = place.path().join("page");
    run("pdftoppm", &["-r", "203", "-png", "-f", "1", "-l", "1", pdf, page.to_str().unwrap()]);
    assert_eq!(decoded(&place.path().join("page-1.png")), ["CODE-128:HO-SH-20261124-0007"]);
}

//! Writes sample papers into a directory: a label of each size as PDF, PNG and ZPL, and a manifest as PDF.
//!
//! `cargo run -p liangcang-devices --example label_sheet -- target/labels`

use std::error::Error;
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use liangcang_devices::label::{
    Bitmap, LabelContent, LabelFont, LabelSize, Manifest, ManifestParcel, Resolution, labels_pdf, layout,
    manifest_pdf, raster, zpl_job,
};

const FONTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/fonts");

fn main() -> Result<(), Box<dyn Error>> {
    let place = std::env::args().nth(1).ok_or("name the directory to write into")?;
    let place = Path::new(&place);
    std::fs::create_dir_all(place)?;
    let face = |name: &str| std::fs::read(Path::new(FONTS).join(name));
    let font = LabelFont::parse(face("LiangcangSansSC.otf")?, face("LiangcangSansSC-Bold.otf")?)?;
    for (name, size) in [("100x150", LabelSize::Mm100x150), ("76x130", LabelSize::Mm76x130)] {
        let content = sample(size);
        let bitmap = raster(&layout(&content, size, &font)?, size.tenths(), Resolution::Dpi203, &font);
        write_png(&bitmap, &place.join(format!("label-{name}.png")))?;
        std::fs::write(place.join(format!("label-{name}.zpl")), zpl_job(&bitmap))?;
        std::fs::write(place.join(format!("label-{name}.pdf")), labels_pdf(&[content], size, &font)?)?;
    }
    std::fs::write(place.join("manifest.pdf"), manifest_pdf(&sample_manifest(), &font)?)?;
    Ok(())
}

/// The larger sample is a first label of one carrier, the smaller a reprint of another.
fn sample(size: LabelSize) -> LabelContent {
    let first = size == LabelSize::Mm100x150;
    let of = |large: &str, small: &str| if first { large.to_owned() } else { small.to_owned() };
    LabelContent {
        carrier_name: of("顺丰速运", "中通快递"),
        service: of("标准快递", "电商标快"),
        waybill_no: of("SF7444407670710", "73100196611386"),
        route_code: of("021WR-AE-007", "300- H12 09"),
        consolidation: of("上海浦东航头集散", "杭州转运中心"),
        receiver_name: "张*".to_owned(),
        receiver_phone: "138****5678".to_owned(),
        receiver_address: of(
            "上海市浦东新区航头镇沪南公路5469弄金地艺境佳苑12号楼***",
            "浙江省杭州市余杭区五常街道文一西路969号西溪诚园知秋苑3幢***",
        ),
        sender_name: "良仓粮油旗舰店".to_owned(),
        sender_phone: "021-5888****".to_owned(),
        sender_address: "上海市奉贤区金汇镇工业路669号3号库".to_owned(),
        order_no: "6917241866513454021".to_owned(),
        parcel_line: of("3 件 · 12.4 kg", "1 件 · 5.2 kg"),
        print_id: of("P-0192-7f3a", "P-0193-08c1"),
        reprint: (!first).then(|| "第 2 次，标签撕坏".to_owned()),
        printed_at: "2026-11-24 20:15:07".to_owned(),
    }
}

fn sample_manifest() -> Manifest {
    let parcels = (0..57).map(|index| ManifestParcel {
        waybill_no: format!("SF74444{:08}", 7_670_710 + index * 37),
        order_no: format!("69172418665134{:05}", 54_021 + index),
        weight_g: 5_200 + index * 113,
    });
    Manifest {
        manifest_no: "HO-SH-20261124-0007".to_owned(),
        warehouse: "上海奉贤仓".to_owned(),
        carrier: "顺丰速运".to_owned(),
        cage: "CAGE-SF-01".to_owned(),
        operator: "李敏".to_owned(),
        handed_over_at: "2026-11-24 21:30".to_owned(),
        parcels: parcels.collect(),
    }
}

fn write_png(bitmap: &Bitmap, path: &Path) -> Result<(), Box<dyn Error>> {
    let mut encoder = png::Encoder::new(
        BufWriter::new(File::create(path)?),
        u32::try_from(bitmap.width)?,
        u32::try_from(bitmap.height)?,
    );
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    // In PNG a set bit is white, on the label it is black.
    let light: Vec<u8> = bitmap.bits.iter().map(|byte| !byte).collect();
    encoder.write_header()?.write_image_data(&light)?;
    Ok(())
}

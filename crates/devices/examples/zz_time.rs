//! temp
use liangcang_devices::label::{font::LabelFont, layout::*, pdf::labels_pdf, raster::*, zpl::zpl_job};
use std::time::Instant;
fn main(){
 let f="/work/main/assets/fonts/";
 let t=Instant::now();
 let font=LabelFont::parse(std::fs::read(format!("{f}LiangcangSansSC.otf")).unwrap(),std::fs::read(format!("{f}LiangcangSansSC-Bold.otf")).unwrap()).unwrap();
 eprintln!("parse {:?}",t.elapsed());
 let c=LabelContent{carrier_name:"顺丰速运".into(),service:"标准快递".into(),waybill_no:"SF7444407670710".into(),route_code:"021WR-AE-007".into(),consolidation:"上海浦东航头集散".into(),receiver_name:"张*".into(),receiver_phone:"138****5678".into(),receiver_address:"上海市浦东新区航头镇沪南公路5469弄金地艺境佳苑12号楼***".into(),sender_name:"良仓粮油旗舰店".into(),sender_phone:"021-5888****".into(),sender_address:"上海市奉贤区金汇镇工业路669号3号库".into(),order_no:"6917241866513454021".into(),parcel_line:"3 件 · 12.4 kg".into(),print_id:"P-0192-7f3a".into(),reprint:None,printed_at:"2026-11-24 20:15:07".into()};
 let size=LabelSize::Mm100x150;
 for _ in 0..3 {
 let t=Instant::now(); let mut e=vec![]; for _ in 0..50 { e=layout(&c,size,&font).unwrap(); } eprintln!("layout {:?}",t.elapsed()/50);
 let t=Instant::now(); let mut b=None; for _ in 0..50 { b=Some(raster(&e,size.tenths(),Resolution::Dpi203,&font)); } eprintln!("raster {:?}",t.elapsed()/50);
 let b=b.unwrap(); let t=Instant::now(); let mut n=0; for _ in 0..50 { n=zpl_job(&b).len(); } eprintln!("zpl {:?} {n}",t.elapsed()/50);
 let t=Instant::now(); n=labels_pdf(&[c.clone()],size,&font).unwrap().len(); eprintln!("pdf first {:?} {n}",t.elapsed());
 let t=Instant::now(); for _ in 0..20 { n=labels_pdf(&[c.clone()],size,&font).unwrap().len(); } eprintln!("pdf {:?} {n}",t.elapsed()/20);
 let many=vec![c.clone();100]; let t=Instant::now(); n=labels_pdf(&many,size,&font).unwrap().len(); eprintln!("pdf100 {:?} {n}",t.elapsed());
 }
}

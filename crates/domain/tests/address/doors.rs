//! One door, one key: the spellings of a door meet, doors that differ stay apart, and a key is its own key.

use liangcang_domain::address::{Regions, door, key};
use proptest::prelude::*;

/// Each row is one door in several spellings.
const ONE_DOOR: &str = "
    3号楼 | 3号 | 3栋 | 3幢 | 3座 | 三号楼 | ３号楼 | #3 | 3# | 第3栋 | 第三栋 | ③号楼 | 03栋
    阳光花园3号楼502室 | 阳光花园3-502 | 阳光花园3栋 502 | 阳光花园三幢五零二室 | 阳光花园3＃502房 | 阳光花园 3号楼，502
    阳光花园3号楼2单元502室 | 阳光花园3-2-502 | 阳光花园3栋二单元502 | 阳光花园三栋2单元五〇二
    文一西路969号 | 文一西路 969 号 | 文一西路969 | 文一西路969号。 | 文一西路969号（放门口） | 文一西路969号到了打电话
    文一西路969号 | 五常街道文一西路969号 | 文一西路九百六十九号 | 文一西路969号 麻烦送上门 | 文一西路969号😀 | 文一西路969号收
    花木路88弄3号501室 | 花木路88弄3-501 | 花木路88弄三号501 | 花木路88弄3号501室(放驿站)
    阳光花园3栋502室 | 阳光花园3栋502室a | 阳光花园3栋502室啊 | 阳光花园3栋502室张三 | 阳光花园3栋502xyz | 阳光花园3栋502室🏠🏠
    文一西路969号3栋 | 文一西路969号3栋放快递柜里面 | 文一西路969号三栋 请不要敲门 | 文一西路969号3幢电话联系我本人
    幸福路一百二十号 | 幸福路120号 | 幸福路 120
    A座1203室 | a座1203 | A-1203 | A1203
    建国路88号SOHO现代城A座1203 | 建国路88号 soho现代城 A座 1203室
    张家村三组12号 | 张家村3组12号
    阳光花园(3号楼)502 | 阳光花园3号楼502
    幸福里3号楼5层 | 幸福里三号楼五层
";

/// Every two of a row are different doors.
const DIFFERENT_DOORS: &str = "
    3号楼502 | 3号楼503 | 4号楼502 | 35号楼02 | 3号楼5层 | A座502 | B座502
    502A | 502B | 502
    花木路88弄3号 | 花木路88号3 | 花木路883号
    文一路3号 | 文二路3号 | 文一西路3号
    1单元502 | 2单元502
    一组3号 | 二组3号
    城关镇人民路1号 | 新店镇人民路1号
    阳光花园(3号楼)502 | 阳光花园(4号楼)502
    一期3栋 | 二期3栋 | 3栋
    解放路1号 | 开放大道1号
    第一中学 | 第二中学
    东区3栋 | 西区3栋
";

fn rows(table: &str) -> Vec<Vec<&str>> {
    let lines = table.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(|line| line.split('|').map(str::trim).collect()).collect()
}

#[test]
fn the_spellings_of_one_door_have_one_key() {
    for row in rows(ONE_DOOR) {
        for spelling in &row {
            assert_eq!(door(spelling), door(row[0]), "{spelling} and {}", row[0]);
        }
    }
}

#[test]
fn different_doors_have_different_keys() {
    for row in rows(DIFFERENT_DOORS) {
        for (at, one) in row.iter().enumerate() {
            for other in &row[at + 1..] {
                assert_ne!(door(one), door(other), "{one} and {other}");
            }
        }
    }
}

#[test]
fn a_key_names_the_district_and_not_how_it_was_written() {
    let regions = Regions::built_in();
    let of = |text: &str| {
        let reading = regions.read(text);
        key(&reading, reading.rest)
    };
    assert_eq!(of("浙江杭州余杭文一西路969号3栋"), "330110:文一西路969-3");
    assert_eq!(of("张三 13800001234 浙江省杭州市余杭区文一西路969号三号楼"), "330110:文一西路969-3");
    assert_ne!(of("浙江省杭州市西湖区文一西路969号"), of("浙江省杭州市余杭区文一西路969号"));
    let reading = regions.check("浙江省", "杭州市", "余杭区", "文一西路969号");
    assert_eq!(key(&reading, "浙江省杭州市余杭区文一西路969号"), key(&reading, "文一西路969号"));
}

proptest! {
    #[test]
    fn a_door_is_its_own_door(text in "[三五十百零第号楼栋单元室房户弄街道路放门口请收啊文一二A-Ca-c0-9①#()\\- ，（）😀]{0,24}") {
        let once = door(&text);
        prop_assert_eq!(door(&once), once.clone());
        let reading = Regions::built_in().check("浙江省", "杭州市", "余杭区", &text);
        let with_region = key(&reading, &text);
        prop_assert_eq!(key(&reading, with_region.split_once(':').map_or("", |it| it.1)), with_region.clone());
    }

    #[test]
    fn no_text_is_too_strange_to_read(text in "\\PC{0,60}") {
        let reading = Regions::built_in().read(&text);
        prop_assert!(text.contains(reading.rest));
        let _ = key(&reading, reading.rest);
    }

    #[test]
    fn no_jumble_of_names_is_too_strange_to_read(
        text in "(浙江省|杭州|市|余杭区|上海|朝阳|海南|大理|县|省|路|1|号| |138|00001234|13800001234|东|南京|a|（|放门口){0,40}"
    ) {
        let reading = Regions::built_in().read(&text);
        prop_assert!(text.contains(reading.rest));
    }
}

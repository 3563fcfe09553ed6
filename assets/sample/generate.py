#!/usr/bin/env python3
"""Makes the sample company and its order files, byte for byte the same on every run.

Usage: python3 generate.py   (writes beside itself; needs only the standard library)

company.toml, catalogue.csv, bundles.csv and mapping_other_shop.toml are written by hand; everything else here is
made from them. All people, phones and doors are invented: no phone of China begins with 120, and the doors stand
in streets that exist only here. Provinces, cities and districts are real.
"""

import csv
import datetime
import io
import tomllib
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

HERE = Path(__file__).resolve().parent


class Dice:
    """A small generator of its own, because the library's may change between versions."""

    def __init__(self, seed):
        self.state = seed

    def below(self, limit):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 33) % limit

    def pick(self, items):
        return items[self.below(len(items))]

    def chance(self, percent):
        return self.below(100) < percent


def read_csv(name):
    with open(HERE / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_csv(name, headings, rows):
    with open(HERE / name, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(headings)
        writer.writerows(rows)


# --- the building -----------------------------------------------------------------------------------------------

# warehouse, zone, aisles, bays, levels
ZONES = [("SH", "A", 6, 12, 3), ("SH", "B", 5, 12, 3), ("GZ", "A", 4, 12, 3)]


def sounds_like(digits):
    """1/7 and 6/9 are confused in noise."""
    return digits.replace("7", "1").replace("9", "6")


def bins():
    dice = Dice(11)
    for warehouse, zone, aisles, bays, levels in ZONES:
        taken = {}
        for aisle in range(1, aisles + 1):
            for bay in range(1, bays + 1):
                for level in range(1, levels + 1):
                    near = {
                        taken.get((aisle - a, bay - b, level - l))
                        for a, b, l in [(0, 1, 0), (0, 0, 1), (0, 1, 1), (0, 1, -1), (1, 0, 0)]
                    }
                    while True:
                        digits = f"{dice.below(100):02}"
                        # Twice the same digit is easily heard as one.
                        if digits[0] != digits[1] and sounds_like(digits) not in near:
                            break
                    taken[aisle, bay, level] = sounds_like(digits)
                    name = f"{zone}-{aisle:02}-{bay:02}-{level}"
                    yield [warehouse, name, zone, aisle, bay, level, digits]


# Units per bin of the older and of the newer lot, for goods that sell fast and slowly.
FAST, SLOW = ([45, 120, 150, 150], [20, 60, 60])
FAST_SKUS = {"RICE5", "RICEX5", "OIL5", "OIL18", "RAPE5", "MILLET1", "NOODLE1", "OLIVE1"}


def stock(skus, places):
    dice = Dice(23)
    for number, sku in enumerate(skus):
        # Two lots a SKU, each with a letter of its own where days coincide, so that no two SKUs share a lot.
        newest = datetime.date(2026, 10, 3) + datetime.timedelta(days=number % 5)
        lots = []
        for made in (newest - datetime.timedelta(days=60 + number % 7), newest):
            expiry = made + datetime.timedelta(days=int(sku["shelf_life_days"]))
            lots.append((f"L{made:%Y%m%d}{chr(ord('A') + number)}", made, expiry))
        for warehouse, share in (("SH", 1), ("GZ", 3)):
            amounts = FAST if sku["sku"] in FAST_SKUS else SLOW
            for place, amount in enumerate(amounts):
                lot, made, expiry = lots[0 if place == 0 else 1]
                qty = max(6, amount // share)
                free = places[warehouse]
                # Heavy and fast goods lie on the floor and the level above it.
                low = [at for at, row in enumerate(free) if row[5] <= 2] or range(len(free))
                row = free.pop(low[dice.below(len(low))] if sku["sku"] in FAST_SKUS else dice.below(len(free)))
                yield [warehouse, row[1], sku["sku"], lot, made, expiry, qty]


# --- freight ----------------------------------------------------------------------------------------------------

# Where a parcel goes by truck for days, from wherever it comes.
FAR = {"新疆", "西藏", "青海", "内蒙古", "宁夏", "甘肃", "海南"}


def freight(warehouses):
    """In fen, for the first kilogram and each further one: most from the warehouse that does not serve the province."""
    provinces = sorted(province for warehouse in warehouses for province in warehouse["provinces"])
    for warehouse in warehouses:
        for province in provinces:
            near = province in warehouse["provinces"]
            first, further = (480, 80) if near else (850, 220)
            if province in FAR:
                first, further = first + 700, further + 500
            elif province == warehouse["provinces"][0]:
                first, further = 400, 60
            yield [warehouse["id"], province, first, further]


# --- orders -----------------------------------------------------------------------------------------------------

# The 54 columns of a standard report, in its order.
STANDARD = """主订单编号 子订单编号 选购商品 商品规格 商品数量 商品ID 商家编码 商品单价 订单应付金额 运费 优惠总金额 商家改价
支付优惠 红包抵扣 支付方式 手续费 收件人 收件人手机号 省 市 区 街道 详细地址 买家留言 订单提交时间 商家备注 订单完成时间
支付完成时间 APP渠道 流量来源 订单状态 承诺发货时间 订单类型 达人ID 达人昵称 售后状态 取消原因 预约发货时间 是否安心购 广告渠道
流量类型 流量体裁 流量渠道 发货主体 发货主体明细 发货时间 降价类优惠 平台实际承担优惠金额 商家实际承担优惠金额
达人实际承担优惠金额 预计送达时间 是否平台仓自流转 车型 快递信息""".split()
# What a shop chose for its own report: fewer columns, another order, the older heading of the title.
CUSTOM = """订单状态 售后状态 支付完成时间 承诺发货时间 主订单编号 子订单编号 商品名称 商品规格 商家编码 商品数量 商品单价 订单应付金额
收件人 收件人手机号 省 市 区 街道 详细地址 买家留言 商家备注""".split()
# Columns that stand quoted behind a TAB, against scientific notation.
TABBED = {"主订单编号", "子订单编号", "选购商品", "商品名称", "商品规格", "商品ID", "商家编码", "收件人手机号", "达人ID"}

# province, city, district, street
EAST = [
    ("上海市", "上海市", "浦东新区", "花木街道"), ("上海市", "上海市", "徐汇区", "徐家汇街道"),
    ("上海市", "上海市", "闵行区", "莘庄镇"), ("上海市", "上海市", "静安区", "江宁路街道"),
    ("上海市", "上海市", "杨浦区", "五角场街道"), ("上海市", "上海市", "宝山区", "大场镇"),
    ("上海市", "上海市", "松江区", "九亭镇"), ("江苏省", "苏州市", "姑苏区", "双塔街道"),
    ("江苏省", "苏州市", "昆山市", "玉山镇"), ("江苏省", "南京市", "江宁区", "东山街道"),
    ("江苏省", "无锡市", "滨湖区", "蠡湖街道"), ("江苏省", "常州市", "武进区", "湖塘镇"),
    ("浙江省", "杭州市", "西湖区", "北山街道"), ("浙江省", "杭州市", "余杭区", "仓前街道"),
    ("浙江省", "宁波市", "鄞州区", "钟公庙街道"), ("浙江省", "温州市", "鹿城区", "五马街道"),
    ("浙江省", "嘉兴市", "南湖区", "新嘉街道"), ("安徽省", "合肥市", "蜀山区", "三里庵街道"),
    ("安徽省", "芜湖市", "镜湖区", "赭山街道"), ("山东省", "济南市", "历下区", "千佛山街道"),
]
SOUTH = [
    ("广东省", "广州市", "天河区", "石牌街道"), ("广东省", "深圳市", "南山区", "粤海街道"),
    ("广东省", "佛山市", "禅城区", "祖庙街道"), ("广东省", "东莞市", "-", "南城街道"),
    ("福建省", "厦门市", "思明区", "筼筜街道"), ("广西壮族自治区", "南宁市", "青秀区", "新竹街道"),
]
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉萍红玲芬燕彬浩宇欣怡梓涵子轩雨桐思远嘉禾稻穗"
# Characters that fonts, encodings and label printers stumble over.
RARE = ["张㛃", "牛犇", "龙龘", "𠮷小米", "林垚垚", "阿卜杜拉·买买提", "欧阳㵘", "单于嫄"]
ROADS = ["丰收路", "稻香路", "谷雨街", "禾苗巷", "麦浪大道", "晒场弄"]
NOTES = ["-"] * 12 + ["请尽快发货", "放门卫，谢谢", "油瓶麻烦包好一点", "=_=", "周末再送，别打电话"]
HOST = ("7592255573464597", "丰禾粮油官方直播间")
SHOW = datetime.datetime(2026, 11, 22, 20, 0, 0)


class Shop:
    """Sells, and writes down what was sold as the platform's backend does."""

    def __init__(self, skus, bundles, seed):
        self.dice = Dice(seed)
        self.goods = {sku["sku"]: sku for sku in skus} | {bundle["code"]: bundle for bundle in bundles}
        self.bundles = [bundle["code"] for bundle in bundles]
        self.singles = [sku["sku"] for sku in skus]
        self.sold = 0

    def person(self):
        rare = self.sold % 37 == 5
        name = RARE[self.sold // 37 % len(RARE)] if rare else self.dice.pick(SURNAMES) + "".join(
            self.dice.pick(GIVEN) for _ in range(1 + self.dice.below(2)))
        phone = f"120{self.sold:08}"
        if self.sold % 50 == 7:
            phone += f"-{1000 + self.dice.below(9000)}"
        return name, phone

    def price_fen(self, code):
        if code in self.bundles:
            parts = (part.split("*") for part in self.goods[code]["components"].split(";"))
            return sum(self.price_fen(sku) * int(qty) for sku, qty in parts) * 88 // 100 // 10 * 10
        weight = int(self.goods[code]["gross_weight_g"])
        dear = {"none": 11, "bottle": 18, "glass": 62}[self.goods[code]["fragility"]]
        return weight * dear // 10 // 10 * 10 + 90

    def order(self, place, lines, **change):
        """Rows of one order; `lines` is (code, quantity, is gift)."""
        self.sold += 1
        no = 6917926768823600017 + self.sold * 1009
        ordered = SHOW + datetime.timedelta(seconds=self.sold * 2)
        paid = ordered + datetime.timedelta(seconds=5 + self.dice.below(50))
        name, phone = self.person()
        door = f"{self.dice.pick(ROADS)} {1 + self.dice.below(300)} 弄 {1 + self.dice.below(40)} 号 {101 + self.dice.below(1800)} 室"
        note = self.dice.pick(NOTES)
        rows = []
        for part, (code, qty, gift) in enumerate(lines):
            price = 0 if gift else self.price_fen(code)
            row = dict.fromkeys(STANDARD, "-") | {
                "主订单编号": no, "子订单编号": no + part, "商品名称": "", "商品数量": qty, "商家编码": code,
                "选购商品": f"丰禾{self.goods[code]['name']}-({code})", "商品规格": "默认", "商品ID": 3700000000000000000 + sum(code.encode()) * 7919,
                "商品单价": yuan(price), "订单应付金额": yuan(price * qty), "运费": "0.00", "优惠总金额": "0.00", "商家改价": "0.00",
                "支付优惠": "0.00", "红包抵扣": "0.00", "支付方式": "抖音支付", "手续费": "0.00", "收件人": name, "收件人手机号": phone,
                "省": place[0], "市": place[1], "区": place[2], "街道": place[3], "详细地址": door, "买家留言": note,
                "订单提交时间": ordered, "支付完成时间": paid, "APP渠道": "抖音", "流量来源": "精选联盟", "订单状态": "待发货",
                "承诺发货时间": paid + datetime.timedelta(hours=48), "订单类型": "普通订单", "达人ID": HOST[0], "达人昵称": HOST[1],
                "是否安心购": "是", "流量类型": "自然流量", "流量体裁": "直播", "流量渠道": "直播间", "发货主体": "商家",
                "降价类优惠": "0.00", "平台实际承担优惠金额": "0.00", "商家实际承担优惠金额": "0.00", "达人实际承担优惠金额": "0.00",
                "是否平台仓自流转": "否",
            } | change
            row["商品名称"] = row["选购商品"]
            # Some shops leave the code to the brackets behind the title.
            if self.sold % 23 == 0 and not change:
                row["商家编码"] = "-"
            rows.append(row)
        return rows

    def weight_g(self, lines):
        def weigh(code):
            if code in self.bundles:
                return sum(weigh(s) * int(q) for s, q in (p.split("*") for p in self.goods[code]["components"].split(";")))
            return int(self.goods[code]["gross_weight_g"])
        return sum(weigh(code) * qty for code, qty, _ in lines)

    def basket(self, kind):
        while True:
            if kind == "bundle":
                lines = [(self.dice.pick(self.bundles), 1, False)]
            elif kind == "single":
                lines = [(self.dice.pick(self.singles), 1, False)]
            else:
                codes = sorted({self.dice.pick(self.singles) for _ in range(2 + self.dice.below(2))})
                lines = [(code, 1 + self.dice.below(2), False) for code in codes]
                if self.dice.chance(25):
                    lines[0] = (self.dice.pick(self.bundles), 1, False)
            if self.dice.chance(8):
                lines.append(("NOODLE1", 1, True))
            # One parcel is what one person carries.
            if self.weight_g(lines) <= 20_000:
                return lines


def yuan(fen):
    return f"{fen // 100:,}.{fen % 100:02}"


def export(rows, headings, encoding):
    """As the backend writes: CRLF, TAB before long numbers, everything that has one quoted."""
    def cell(heading, value):
        text = f"\t{value}" if heading in TABBED and value != "-" else f"{value}"
        quoted = heading in TABBED or any(sign in text for sign in ',"\t\n')
        return '"' + text.replace('"', '""') + '"' if quoted else text
    lines = [",".join(headings)] + [",".join(cell(h, row[h]) for h in headings) for row in rows]
    return ("\r\n".join(lines) + "\r\n").encode(encoding)


def douyin(shop):
    """300 orders for the east and 23 for the south, and among them everything an export has in it besides."""
    rows = []
    kinds = (["bundle"] * 2 + ["single"] * 2 + ["several"]) * 60
    for number, kind in enumerate(kinds):
        rows += shop.order(shop.dice.pick(EAST), shop.basket(kind))
        if number % 13 == 6:
            rows += shop.order(shop.dice.pick(SOUTH), shop.basket(kind))
        if number % 60 == 11:
            # A gift whose case was closed before it left: the rest of the order goes.
            rows[-1:] = [rows[-1] | {"子订单编号": rows[-1]["子订单编号"] + 500, "商家编码": "MILLET1", "商品单价": "0.00", "订单应付金额": "0.00", "订单状态": "已关闭", "取消原因": "主品订单售后完成"}, rows[-1]]
    pick = lambda: (shop.dice.pick(EAST), [("RICE5", 1, False)])
    rows.insert(9, rows[8])
    for state, after_sale, cause in [("已关闭", "退款成功", "不想要了"), ("已关闭", "-", "超时未支付"), ("待支付", "-", "-"), ("已发货", "-", "-"),
                                     ("已完成", "-", "-"), ("待发货", "退款成功", "-"), ("已完成", "退款成功", "-"), ("待支付", "-", "-")]:
        rows += shop.order(*pick(), 订单状态=state, 售后状态=after_sale, 取消原因=cause)
    rows += shop.order(*pick(), 售后状态="待商家处理")
    for number in range(3):
        rows += shop.order(*pick(), 收件人=f"##bGlhbmdjYW5n{number}==##", 收件人手机号=f"$$bGlhbmdjYW5n{number}==$1$$", 详细地址=f"##bGlhbmdjYW5n{number}ZG9vcg==##")
    for number in range(2):
        rows += shop.order(*pick(), 收件人="王**", 收件人手机号=f"120****000{number}", 详细地址="丰收路***")
    return rows


def bad(shop):
    """One fault an order, in the order of the closed list of refusals."""
    def one(**change):
        return shop.order(EAST[0], [("RICE5", 1, False)], **change)

    def two(**change):
        first, second = shop.order(EAST[0], [("RICE5", 1, False), ("OIL5", 1, False)])
        return [first, second | change]

    rows = one()
    rows += one(主订单编号="6.91793E+18", 子订单编号="6.91793E+18")
    rows += one(主订单编号="=6917926768823643751")
    rows += one(主订单编号="订单甲")
    rows += one(收件人手机号="1.2E+10")
    rows += one(收件人手机号="无")
    rows += one(收件人="-")
    rows += one(商品数量="0")
    rows += one(商品数量="-1")
    rows += one(商品数量="1.5")
    rows += one(商品数量="10000")
    rows += one(商品数量="一件")
    rows += one(订单应付金额="免费")
    rows += one(支付完成时间="昨天")
    rows += one(订单状态="冻结中")
    rows += one(商家编码="TEA9")
    rows += one(商家编码="-", 选购商品="丰禾五常大米")
    rows += one(子订单编号="1;2", 商家编码="RICE5;OIL5", 商品数量="3")
    rows += one(子订单编号="3;4", 商家编码="RICE5;OIL5;SOY5", 商品数量="2")
    rows += one(子订单编号="5;6", 商家编码="RICE5;OIL5", 商品数量="2", 售后状态="退款成功")
    rows += two(详细地址="别处 1 号")
    rows += two(商品数量="0")
    repeated = one()
    rows += repeated + [repeated[0] | {"商品数量": 2}]
    rows += one(买家留言="长" * 1500)
    return rows


def other_shop(shop):
    """Another source's spreadsheet: its own headings and words, phones and quantities as number cells."""
    rows = [["订单号", "货号", "商品", "数量", "实付", "姓名", "电话", "省份", "城市", "区县", "地址", "留言", "付款时间", "状态"]]
    for number in range(15):
        for row in shop.order(shop.dice.pick(EAST), shop.basket(["single", "bundle", "several"][number % 3])):
            state = "已退款" if number == 14 else "已付款"
            paid = f"{row['支付完成时间']:%Y/%m/%d %H:%M}".replace("/0", "/")
            rows.append([f"QD-{number + 1:05}", shop_code(row), row["选购商品"], row["商品数量"], float(row["订单应付金额"].replace(",", "")), row["收件人"],
                         int(row["收件人手机号"][:11]), row["省"], row["市"], row["区"], row["街道"] + row["详细地址"], row["买家留言"], paid, state])
    return rows


def shop_code(row):
    return row["选购商品"].rsplit("(", 1)[1].rstrip(")")


def xlsx(rows):
    """The least a spreadsheet program takes for a workbook; stored, so that every machine writes the same bytes."""
    def cell(column, row, value):
        at = f"{chr(ord('A') + column)}{row}"
        if isinstance(value, (int, float)):
            return f'<c r="{at}"><v>{value}</v></c>'
        return f'<c r="{at}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    lines = (f'<row r="{n}">' + "".join(cell(c, n, v) for c, v in enumerate(row)) + "</row>" for n, row in enumerate(rows, 1))
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    kinds, rels, main = "http://schemas.openxmlformats.org/package/2006/content-types", "http://schemas.openxmlformats.org/package/2006/relationships", "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    book = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{kinds}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{book}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="{book}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{rels}"><Relationship Id="rId1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="订单" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{rels}"><Relationship Id="rId1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{"".join(lines)}</sheetData></worksheet>',
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, text in parts.items():
            info = zipfile.ZipInfo(name, (2026, 11, 22, 0, 0, 0))
            info.create_system = 0
            archive.writestr(info, head + text)
    return buffer.getvalue()


def main():
    skus, bundles = read_csv("catalogue.csv"), read_csv("bundles.csv")
    company = tomllib.loads((HERE / "company.toml").read_text(encoding="utf-8"))
    assert len(STANDARD) == 54

    places = list(bins())
    write_csv("bins.csv", ["warehouse", "bin", "zone", "aisle", "bay", "level", "check_digits"], places)
    free = {warehouse: [row for row in places if row[0] == warehouse] for warehouse in ("SH", "GZ")}
    opening = sorted(stock(skus, free), key=lambda row: (row[0] != "SH", row[1]))
    write_csv("stock.csv", ["warehouse", "bin", "sku", "lot", "mfg_date", "expiry", "qty"], opening)

    hubs = {"上海": "沪", "江苏": "苏", "浙江": "浙", "安徽": "皖", "山东": "鲁", "广东": "粤", "福建": "闽", "广西": "桂"}
    cities = sorted({(place[0].removesuffix("壮族自治区").rstrip("省市"), place[1]) for place in EAST + SOUTH})
    routes = []
    for number, (province, city) in enumerate(cities):
        name = city.removesuffix("市")
        for carrier in company["carriers"]:
            code = f"{hubs[province]}{number + 20}-{100 + number * 7:03}" if carrier["id"] == "SF" else f"{300 + number * 10}-{name}{number + 1:02}-{number % 9 + 1:02}"
            routes.append([carrier["id"], province, city, code, f"{name}集散"])
    write_csv("routes.csv", ["carrier", "province", "city", "route_code", "consolidation"], sorted(routes))
    write_csv("freight.csv", ["warehouse", "province", "first_kg_fen", "further_kg_fen"], freight(company["warehouses"]))
    write_csv("waybill_numbers.csv", ["carrier", "first", "last"], [["SF", "SF1300000000001", "SF1300000002000"], ["ZTO", "73110000000001", "73110000002000"]])

    shop = Shop(skus, bundles, 7)
    (HERE / "orders_douyin.csv").write_bytes(export(douyin(shop), STANDARD, "utf-8-sig"))
    rows = []
    for number in range(20):
        # Characters of two and of four bytes in this encoding.
        rare = {"收件人": "㛃犇龘"} if number == 2 else {}
        rows += shop.order(shop.dice.pick(EAST), shop.basket(["bundle", "single", "several"][number % 3]), **rare)
    (HERE / "orders_douyin_gb18030.csv").write_bytes(export(rows, CUSTOM, "gb18030"))
    (HERE / "orders_other_shop.xlsx").write_bytes(xlsx(other_shop(shop)))
    (HERE / "orders_bad.csv").write_bytes(export(bad(shop), STANDARD, "utf-8-sig"))


if __name__ == "__main__":
    main()

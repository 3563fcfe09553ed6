"""Cuts the four committed fonts out of Noto Sans CJK SC and gives them a name of our own.

Run through make.sh, which finds a Python with fontTools and brotli. The result depends only on the
two Noto files and this text: the same Noto release gives the same bytes. It leaves hinting and all
layout tables out, because labels set plain horizontal text and a printer's dots are placed by us.
"""

import os
import sys
import unicodedata

from fontTools import subset
from fontTools.ttLib import TTFont

# Face 2 of both collections is the simplified Chinese one.
SIMPLIFIED = 2
FAMILY = "Liangcang Sans SC"
VERSION = "Version 1.000; cut from Noto Sans CJK SC 2.004"
# Fixed, so that remaking the fonts does not change their bytes (2026-11-23T00:00:00Z).
os.environ["SOURCE_DATE_EPOCH"] = "1795392000"

# What a label or a screen sets beside Chinese text.
SIGNS = "‐–—―‖‘’“”„†‡•…‰′″‹›※¥°±²³·×÷€№℃™←↑→↓↔⇄∞≈≠≤≥■□▲△▼▽◆◇○◎●★☆✓①②③④⑤⑥⑦⑧⑨⑩"
# Grain, oil and warehouse words that stand outside the 3755 most frequent characters.
TRADE = "粳籼糯粟稷黍菽薏藜荞麸糙糁秕粮仓稞莜芡苡薯芝麻橄榄榨浸馥皖黔闽粤赣琼桂滇渝沪冀豫鄂湘陇隅瑕疵缺叁贰"
# The characters of the national table of 2013 (and a few from identity cards) that GBK does not hold:
# people are named with them, and an empty box on a label is a parcel that cannot be delivered.
NAMES = (
    "㐂㑇㑊㕮㘎㙍㙘㙦㛃㛚㛹㟃㠇㠓㤅㤘㥄㧐㧑㧟㫰㬊㬎㬚㭎㭕㮾㰀㳇㳘㳚㴔㵐㶲㸆㸌㺄㻬㽏㿠䁖䂮䃅䃎䅟䌹䎃䎖䏝䏡䏲䐃䒟䓖䓛䓨"
    "䓫䓬䗖䗛䗪䗴䜣䝙䢺䢼䣘䥽䦃䲟䲠䲢䴓䴔䴕䴖䴗䴘䴙䶮𠀋𠅤𠙶𠮷𠳐𡎚𡐓𣗋𣲗𣲘𣸣𤧛𤩽𤫉𥔲𥕢𥖨𥻗𦈡𦒍𦙶𦝼𦭜𦰡𧿹𨐈𨙸𨚕𨟠𨭉𨱇𨱏"
    "𨱑𨱔𨺙𩽾𩾃𩾌𪟝𪣻𪤗𪨰𪨶𪩘𪾢𫄧𫄨𫄷𫄸𫇭𫌀𫍣𫍯𫍲𫍽𫐄𫐐𫐓𫑡𫓧𫓯𫓶𫓹𫔍𫔎𫔶𫖮𫖯𫖳𫗧𫗴𫘜𫘝𫘦𫘧𫘨𫘪𫘬𫚕𫚖𫚭𫛭𫞩𫟅𫟦𫟹𫟼𫠆"
    "𫠊𫠜𫢸𫫇𫭟𫭢𫭼𫮃𫰛𫵷𫶇𫷷𫸩𬀩𬀪𬂩𬃊𬇕𬇙𬇹𬉼𬊈𬊤𬌗𬍙𬍛𬍡𬍤𬒈𬒔𬒗𬕂𬘓𬘘𬘡𬘩𬘫𬘬𬘭𬘯𬙂𬙊𬙋𬜬𬜯𬞟𬟁𬟽𬣙𬣞𬣡𬣳𬤇𬤊𬤝𬨂𬨎𬩽"
    "𬪩𬬩𬬭𬬮𬬱𬬸𬬹𬬻𬬿𬭁𬭊𬭎𬭚𬭛𬭤𬭩𬭬𬭯𬭳𬭶𬭸𬭼𬮱𬮿𬯀𬯎𬱖𬱟𬳵𬳶𬳽𬳿𬴂𬴃𬴊𬶋𬶍𬶏𬶐𬶟𬶠𬶨𬶭𬶮𬷕𬸘𬸚𬸣𬸦𬸪𬹼𬺈𬺓𬺚"
)


def decoded(leads, trails, encoding):
    """Every character of a double-byte code page within these lead and trail bytes."""
    found = set()
    for lead in leads:
        for trail in trails:
            try:
                found |= set(bytes([lead, trail]).decode(encoding))
            except UnicodeDecodeError:
                continue
    return found


def plain():
    """Latin and punctuation that every one of the fonts carries."""
    ranges = [(0x20, 0x7E), (0xA0, 0xFF), (0x3000, 0x3017), (0xFF01, 0xFF5E)]
    wanted = {chr(code) for first, last in ranges for code in range(first, last + 1)}
    return wanted | set(SIGNS)


def everyday():
    """Level 1 of GB 2312: the 3755 most frequent characters."""
    return decoded(range(0xB0, 0xD8), range(0xA1, 0xFF), "gb2312") | plain() | set(TRADE)


def everything():
    """GBK, the later additions to the basic block, and the rare characters of names."""
    late = {chr(code) for code in range(0x9FA6, 0x9FF0)}
    return decoded(range(0x81, 0xFF), range(0x40, 0xFF), "gbk") | everyday() | late | set(NAMES)


def renamed(font, style):
    """Replaces the reserved name in the name table and in the CFF table; licence and copyright stay."""
    postscript = f"LiangcangSansSC-{style}"
    words = {1: FAMILY, 2: style, 3: f"1.000;{postscript}", 4: f"{FAMILY} {style}", 5: VERSION, 6: postscript}
    table = font["name"]
    table.names = [record for record in table.names if record.nameID in (0, 13, 14) and record.langID == 0x409]
    for name_id, word in words.items():
        table.setName(word, name_id, 3, 1, 0x409)
    cff = font["CFF "].cff
    cff.fontNames = [postscript]
    top = cff.topDictIndex[0]
    top.FullName, top.FamilyName = f"{FAMILY} {style}", FAMILY
    top.Notice = top.Copyright if hasattr(top, "Copyright") else str(table.getDebugName(0))


def cut(source, style, wanted, target, flavor=None):
    """Writes one font and prints its size and what Noto could not give."""
    font = TTFont(source, fontNumber=SIMPLIFIED, recalcTimestamp=True)
    missing = sorted(char for char in wanted if ord(char) not in font.getBestCmap())
    options = subset.Options(layout_features=[], hinting=False, notdef_outline=True, name_IDs=["*"])
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "BASE", "VORG", "vhea", "vmtx", "DSIG"]
    options.flavor = flavor
    cutter = subset.Subsetter(options)
    cutter.populate(text="".join(sorted(wanted)))
    cutter.subset(font)
    renamed(font, style)
    font.flavor = flavor
    subset.save_font(font, target, options)
    # Half of GBK's gaps are private use, which nobody types.
    shown = "".join(char for char in missing if unicodedata.category(char) not in ("Co", "Cf", "Cn"))
    print(f"{target}: {os.path.getsize(target)} bytes, {len(wanted) - len(missing)} characters; not in Noto: {shown}")


if __name__ == "__main__":
    noto, here = sys.argv[1], sys.argv[2]
    regular, bold = f"{noto}/NotoSansCJK-Regular.ttc", f"{noto}/NotoSansCJK-Bold.ttc"
    cut(regular, "Regular", everything(), f"{here}/LiangcangSansSC.otf")
    cut(bold, "Bold", everyday(), f"{here}/LiangcangSansSC-Bold.otf")
    cut(regular, "Regular", everyday(), f"{here}/LiangcangSansSC-ui.woff2", "woff2")
    cut(bold, "Bold", everyday(), f"{here}/LiangcangSansSC-Bold-ui.woff2", "woff2")

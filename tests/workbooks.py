"""Writes small Excel workbooks, as the standard has them: https://ecma-international.org/publications-and-standards/."""

import zipfile
from xml.sax.saxutils import escape

import pandas as pd

_TYPES = """<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/xl/workbook.xml"
 ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"""
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_FORMATS = '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
_STYLES = f'<styleSheet xmlns="{_MAIN}">{_FORMATS}</styleSheet>'


def write_workbook(file, **sheets):
    """Writes sheets, each a list of rows of texts, numbers, flags, timestamps and None."""
    relations = [
        (f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml")
        for n in range(1, len(sheets) + 1)
    ]
    named = "".join(
        f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>'
        for n, name in enumerate(sheets, start=1)
    )
    with zipfile.ZipFile(file, "w") as zipped:
        zipped.writestr("[Content_Types].xml", _TYPES)
        zipped.writestr(
            "_rels/.rels", _relations([("rId1", "officeDocument", "xl/workbook.xml")])
        )
        book = f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{named}</sheets></workbook>'
        zipped.writestr("xl/workbook.xml", book)
        zipped.writestr(
            "xl/_rels/workbook.xml.rels",
            _relations([*relations, ("rId0", "styles", "styles.xml")]),
        )
        zipped.writestr("xl/styles.xml", _STYLES)
        for number, rows in enumerate(sheets.values(), start=1):
            zipped.writestr(f"xl/worksheets/sheet{number}.xml", _sheet(rows))
    return file


def _relations(relations):
    listed = "".join(
        f'<Relationship Id="{i}" Type="{_OFFICE}/{kind}" Target="{to}"/>'
        for i, kind, to in relations
    )
    return f'<Relationships xmlns="{_PACKAGE}">{listed}</Relationships>'


def _sheet(rows):
    written = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in rows)
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{written}</sheetData></worksheet>'


def _cell(value):
    if value is None:
        return "<c/>"
    if isinstance(value, bool):
        return f'<c t="b"><v>{int(value)}</v></c>'
    if isinstance(value, pd.Timestamp):
        days = (value - pd.Timestamp(1899, 12, 30)).total_seconds() / 86_400
        return f'<c s="1"><v>{days!r}</v></c>'
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f"<c><v>{value!r}</v></c>"

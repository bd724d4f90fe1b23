"""HTML of the imitated 发票助手: plain forms, one inline style, no external resources, no script."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

KINDS = {
    "1": "电子普票", "2": "电子专票", "3": "纸质普票", "4": "纸质专票", "5": "卷票", "7": "机打", "8": "的士票",
    "9": "火车票", "10": "飞机票", "11": "其他", "12": "机动车", "13": "二手车", "14": "定额", "15": "通行费",
    "16": "客运票", "17": "过路过桥", "19": "完税证明", "20": "轮船票", "23": "机打电子", "26": "数电普票",
    "27": "数电专票",
}  # fmt: skip
_STYLE = """
body{font:15px/1.5 system-ui,"PingFang SC","Microsoft YaHei",sans-serif;margin:0;color:#1f2933;background:#f4f6f8}
header{background:#1264d6;color:#fff;padding:14px 20px}header h1{font-size:18px;margin:0}header p{margin:2px 0 0}
main{padding:16px 20px;max-width:1000px;margin:auto}.scroll{overflow-x:auto;background:#fff;border-radius:6px}
table{border-collapse:collapse;width:100%}th,td{padding:8px 10px;text-align:left;border-bottom:1px solid #e4e7eb}
th{font-weight:600;white-space:nowrap}td{overflow-wrap:anywhere}th.n,td.n{text-align:right;white-space:nowrap}tr.off{color:#9aa5b1}
input[type=checkbox]{width:18px;height:18px}footer{position:sticky;bottom:0;padding:12px 0;background:#f4f6f8}
button{font:inherit;padding:8px 28px;border:0;border-radius:6px;background:#1264d6;color:#fff;cursor:pointer}
textarea{font:inherit;width:100%;box-sizing:border-box;min-height:70px}small{color:#7b8794}
@media(max-width:600px){th:nth-child(4),td:nth-child(4){display:none}main{padding:12px}}
"""
_FIELDS = {
    "serialNo": "流水号", "invoiceType": "种类", "invoiceCode": "发票代码", "invoiceNo": "发票号码",
    "invoiceDate": "开票日期", "buyerName": "购方名称", "buyerTaxNo": "购方税号", "salerName": "销方名称",
    "salerTaxNo": "销方税号", "amount": "不含税金额", "taxAmount": "税额", "totalAmount": "价税合计",
    "checkStatus": "查验状态", "expenseStatus": "报销状态", "remark": "备注",
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One invoice of a list. ``hurdle``: why it cannot be ticked, '' when it can."""

    serial: str
    fields: Mapping[str, Any]
    mine: bool
    hurdle: str = ""


def choose(title: str, bill: str, hidden: Mapping[str, str], rows: Sequence[Row], button: str) -> str:
    """A list with check boxes; invoices on the bill are checked."""
    body = "".join(_line(row, box=True) for row in rows)
    form = f'{_hiddens(hidden)}{_table(body, box=True)}<footer><button type="submit">{escape(button)}</button></footer>'
    return _page(title, _of(bill, sum(row.mine for row in rows)), f'<form method="post">{form}</form>')


def listing(title: str, bill: str, rows: Sequence[Row]) -> str:
    return _page(title, _of(bill, len(rows)), _table("".join(_line(row, box=False) for row in rows), box=False))


def invoice(fields: Mapping[str, Any]) -> str:
    return _page("查看发票", str(fields.get("invoiceNo", "")), _facts(fields))


def edit(fields: Mapping[str, Any], hidden: Mapping[str, str]) -> str:
    remark = f'<p><label>备注<textarea name="remark">{escape(str(fields.get("remark", "")))}</textarea></label></p>'
    form = f'{_hiddens(hidden)}{remark}<button type="submit">保存</button>'
    note = "<p><small>保存后发票流水号将会变化。</small></p>"
    return _page(
        "编辑发票", str(fields.get("invoiceNo", "")), f'{_facts(fields)}<form method="post">{form}</form>{note}'
    )


def notice(title: str, text: str, *, again: bool = False) -> str:
    """A page with a text only; ``again`` adds a link back."""
    back = '<p><a href="">返回</a></p>' if again else ""
    return _page(title, "", f"<p>{escape(text)}</p>{back}")


def _of(bill: str, count: int) -> str:
    return f"单据 {bill} · 共{count}张发票" if bill else f"新单据 · 共{count}张发票"


def _page(title: str, subtitle: str, body: str) -> str:
    return (
        '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)} - 发票助手（沙箱）</title><style>{_STYLE}</style></head><body>"
        f"<header><h1>发票助手 · {escape(title)}</h1><p>{escape(subtitle)}</p></header>"
        f"<main>{body}</main></body></html>"
    )


def _table(lines: str, *, box: bool) -> str:
    head = "".join(f"<th>{name}</th>" for name in ("种类", "发票号码", "销方", "开票日期"))
    head += "".join(f'<th class="n">{name}</th>' for name in ("价税合计", "税额"))
    empty = '<tr><td colspan="7">没有发票</td></tr>'
    body = f"<thead><tr>{'<th>选择</th>' if box else ''}{head}</tr></thead><tbody>{lines or empty}</tbody>"
    return f'<div class="scroll"><table>{body}</table></div>'


def _line(row: Row, *, box: bool) -> str:
    fields, cells = row.fields, ""
    serial = escape(row.serial)
    number = fields.get("invoiceNo") or fields.get("taxPaidProofNo") or ""
    if box:
        state = " disabled" if row.hurdle else " checked" if row.mine else ""
        cells = (
            f'<td><input type="checkbox" name="serial" value="{serial}" aria-label="选择{escape(number)}"{state}></td>'
        )
    code = f"<br><small>{escape(fields['invoiceCode'])}</small>" if fields.get("invoiceCode") else ""
    hurdle = f"<br><small>{escape(row.hurdle)}</small>" if row.hurdle else ""
    kind = KINDS.get(str(fields["invoiceType"]), str(fields["invoiceType"]))
    cells += f"<td>{escape(kind)}{hurdle}</td><td>{escape(number)}{code}</td><td>{escape(fields['salerName'])}</td>"
    cells += f"<td>{escape(fields['invoiceDate'])}</td>"
    cells += f'<td class="n">{escape(fields["totalAmount"])}</td><td class="n">{escape(fields["taxAmount"])}</td>'
    return f'<tr data-serial="{serial}"{" class=off" if row.hurdle else ""}>{cells}</tr>'


def _facts(fields: Mapping[str, Any]) -> str:
    shown = {**fields, "invoiceType": KINDS.get(str(fields["invoiceType"]), fields["invoiceType"])}
    named = ((label, str(shown[name])) for name, label in _FIELDS.items() if name in shown)
    lines = "".join(f"<tr><th>{label}</th><td>{escape(value)}</td></tr>" for label, value in named)
    return f'<div class="scroll"><table>{lines}</table></div>'


def _hiddens(values: Mapping[str, str]) -> str:
    fields = ((escape(name), escape(value)) for name, value in values.items())
    return "".join(f'<input type="hidden" name="{name}" value="{value}">' for name, value in fields)

"""Cost types of all companies, the rules of travel documents, and what people decided about input tax before."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import migrations
from django.db.models import Q

_NINE, _FIVE, _THREE = Decimal("0.09"), Decimal("0.05"), Decimal("0.03")
_LAST_PAPER = date(2025, 12, 31)
_2019_39 = "财政部 税务总局 海关总署公告2019年第39号第六条"
_RAIL, _AIR = "国家税务总局 财政部 国铁集团公告2024年第8号", "国家税务总局 财政部 民航局公告2024年第9号"
_TOLL = "财税〔2017〕90号第七条"
_2026 = "公告2026年第13号"

# Kind, formula, rate, needs the passenger's name, from, to, source. The facts are those of docs/domain.md.
_RULES = (
    ("train_paper", "face", _NINE, True, date(2019, 4, 1), _LAST_PAPER, _2019_39),
    ("air_paper", "fare_and_fuel", _NINE, True, date(2019, 4, 1), _LAST_PAPER, _2019_39),
    ("coach", "face", _THREE, True, date(2019, 4, 1), None, _2019_39),
    ("ship", "face", _THREE, True, date(2019, 4, 1), None, _2019_39),
    ("digital_rail", "face", _NINE, True, date(2024, 11, 1), _LAST_PAPER, _RAIL),
    ("digital_rail", "stated", None, True, date(2026, 1, 1), None, _2026),
    ("digital_air", "fare_and_fuel", _NINE, True, date(2024, 12, 1), _LAST_PAPER, _AIR),
    ("digital_air", "stated", None, True, date(2026, 1, 1), None, _2026),
    ("vat_general_electronic", "stated", None, False, date(2019, 4, 1), None, _2019_39),
    ("digital_general", "stated", None, False, date(2019, 4, 1), None, _2019_39),
    ("vat_toll", "stated", None, False, date(2018, 1, 1), None, _TOLL),
    ("digital_toll", "stated", None, False, date(2018, 1, 1), None, _TOLL),
    ("toll_receipt", "face", _FIVE, False, date(2018, 1, 1), None, _TOLL),
)

# Name, use whose tax is never deducted, kinds of invoice that are proposed to it.
_COST_TYPES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("差旅费", "", ("digital_rail", "digital_air", "train_paper", "air_paper", "coach", "ship")),
    ("交通费", "", ("taxi",)),
    ("车辆费", "", ("vat_toll", "digital_toll", "toll_receipt")),
    ("固定资产", "", ("vehicle_sale", "digital_vehicle", "digital_paper_vehicle", "used_vehicle", "digital_used_vehicle")),
    ("采购", "", ("customs_payment",)),
    ("运输费", "", ("vat_freight",)),
    ("办公费", "", ()),
    ("通讯费", "", ()),
    ("会议费", "", ()),
    ("培训费", "", ()),
    ("水电费", "", ()),
    ("租赁费", "", ()),
    ("物业费", "", ()),
    ("咨询费", "", ()),
    ("广告宣传费", "", ()),
    ("业务招待费", "entertainment", ()),
    ("职工福利费", "welfare", ()),
    ("餐费", "catering", ()),
    ("利息支出", "loan_interest", ()),
)  # fmt: skip


def fill(apps: Any, schema_editor: Any) -> None:
    cost_type, rule = apps.get_model("bills", "CostType"), apps.get_model("bills", "TravelTaxRule")
    cost_type.objects.bulk_create(
        [cost_type(name=name, non_deductible_use=use, kinds=list(kinds)) for name, use, kinds in _COST_TYPES],
        ignore_conflicts=True,
    )
    columns = ("kind", "formula", "rate", "needs_passenger", "valid_from", "valid_to", "source")
    rule.objects.bulk_create([rule(**dict(zip(columns, row, strict=True))) for row in _RULES], ignore_conflicts=True)


def keep_decisions(apps: Any, schema_editor: Any) -> None:
    """Input tax was entered by people only, so what stands on bills is theirs; "not deductible" of a small-scale
    company was a default."""
    decided = Q(deductible=True) | Q(deductible=False, bill__company__small_scale=False)
    rows = apps.get_model("bills", "BillInvoice").objects.filter(decided | Q(input_tax__isnull=False))
    # Nobody changed anything, so the history records nothing.
    schema_editor.execute("ALTER TABLE bills_billinvoice DISABLE TRIGGER USER")
    rows.update(tax_by_hand=True)
    schema_editor.execute("ALTER TABLE bills_billinvoice ENABLE TRIGGER USER")


class Migration(migrations.Migration):
    dependencies = [("bills", "0002_money_tax_and_duties")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=False),
        migrations.RunPython(keep_decisions, migrations.RunPython.noop, elidable=False),
    ]

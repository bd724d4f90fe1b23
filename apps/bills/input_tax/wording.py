"""Recognises services and places by the words on a document. Pure. Goods codes are not used: sources often lack them.

An invoice line is named ``*category*name`` by the tax administration's catalogue, such as ``*餐饮服务*餐费``.
"""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from apps.sources.records import TravelRecord


class Named(Protocol):
    @property
    def name(self) -> str: ...


_Line = TypeVar("_Line", bound=Named)

# Consumed directly, so that their tax is never deducted (docs/domain.md); the value is the NonDeductibleUse.
_NON_DEDUCTIBLE = {"*餐饮服务*": "catering", "*居民日常服务*": "catering", "*娱乐服务*": "catering"}
_PASSENGER, _TRANSPORT, _PASSENGERS = "旅客运输", "*运输服务*", "客运"
_AGENCY = ("经纪代理服务", "代订", "代理服务")
# Hong Kong, Macau, Taiwan, and cities abroad that business trips lead to most. Other places abroad are left to people.
_ABROAD = (
    "香港", "澳门", "台北", "高雄", "台中", "台湾", "东京", "大阪", "名古屋", "首尔", "仁川", "釜山", "新加坡",
    "曼谷", "吉隆坡", "雅加达", "马尼拉", "河内", "胡志明", "金边", "孟买", "新德里", "迪拜", "阿布扎比", "多哈",
    "伊斯坦布尔", "莫斯科", "伦敦", "巴黎", "法兰克福", "慕尼黑", "柏林", "阿姆斯特丹", "布鲁塞尔", "苏黎世", "日内瓦",
    "米兰", "罗马", "马德里", "巴塞罗那", "维也纳", "纽约", "洛杉矶", "旧金山", "西雅图", "芝加哥", "波士顿",
    "温哥华", "多伦多", "悉尼", "墨尔本", "奥克兰", "开罗", "约翰内斯堡", "内罗毕", "圣保罗", "墨西哥城",
)  # fmt: skip


def non_deductible(name: str) -> str:
    """The use whose tax is never deducted that the line's category means; '' for any other."""
    return next((use for category, use in _NON_DEDUCTIBLE.items() if name.startswith(category)), "")


def passenger_lines(lines: Sequence[_Line]) -> list[_Line]:
    """The lines that are passenger transport; the service of an agency that books it is none."""
    return [line for line in lines if _is_passenger_transport(line.name) and not is_agency(line.name)]


def _is_passenger_transport(name: str) -> bool:
    return _PASSENGER in name or (name.startswith(_TRANSPORT) and _PASSENGERS in name)


def is_agency(name: str) -> bool:
    return any(word in name for word in _AGENCY)


def abroad(travel: TravelRecord | None) -> str:
    """The place outside the mainland where the journey begins or ends; '' when none is recognised."""
    places = (travel.departure, travel.destination) if travel else ()
    # By the beginning: 烟台北 is a station on the mainland.
    return next((place for place in places if place.removeprefix("中国").startswith(_ABROAD)), "")


def is_bridge_or_gate(seller: str, lines: Sequence[Named]) -> bool:
    """Whether a toll receipt is one of a bridge or a gate; paper receipts of roads carry no deductible tax."""
    words = " ".join([seller, *(line.name for line in lines)]).replace("过路过桥", "")
    return "桥" in words or "闸" in words

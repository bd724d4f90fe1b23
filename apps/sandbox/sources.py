"""Sources of a running sandbox for ``import_sources``: addresses, invented credentials, options for its world."""

from typing import Any

from apps.sandbox.world import World

CREDENTIALS: dict[str, dict[str, str]] = {
    "checker": {"authcode": "SBX-AUTH-20231107", "des_key": "sbxdes88"},
    "shopex": {"flag": "sbx_shop", "token": "sbx-shop-token-5f21"},
    "etax": {"appid": "sbx-app", "appsecret": "sbx-app-secret-91c4"},
    "maycur": {"appCode": "SBXMAYCUR", "appSecret": "sbx-maycur-secret-07ab"},
    "piaozone": {"client_id": "sbx-client", "client_secret": "sbx-client-secret-3d10", "eid": "eid-1544414642579"},
}
NAMES = {
    "checker": "查重工具(沙箱)",
    "shopex": "商派OMS(沙箱)",
    "etax": "税局实时同步(沙箱)",
    "maycur": "每刻报销(沙箱)",
    "piaozone": "发票云(沙箱)",
}
RZZT_LABELS = {
    "10": "未勾选",
    "11": "当期已勾选",
    "12": "12",
    "12/Y": "转内销",
    "15": "不抵扣已勾选",
    "17": "出口退税已认证",
    "40": "往期抵扣",
}


def credentials(kind: str, world: World) -> dict[str, str]:
    """The credentials one system accepts, under the vendor's own names."""
    ours = world.maker.ours
    more = {
        "etax": {"jtnsrsbh": ours.tax_no, "nsrsbh": ours.tax_no},
        "piaozone": {"tin": ours.tax_no, "ghf_mc": ours.name},
    }
    return CREDENTIALS[kind] | more.get(kind, {})


def sources(base_url: str, world: World) -> list[dict[str, Any]]:
    """One source per system. ``base_url`` is the sandbox's address without a trailing slash."""
    start = world.start.isoformat()
    options: dict[str, dict[str, Any]] = {
        "checker": {"min_interval_seconds": 0},
        "shopex": {"start_date": start, "shop_id": "sbx-1"},
        "etax": {"start_date": start, "rzzt": list(RZZT_LABELS), "rzzt_labels": RZZT_LABELS},
        "maycur": {
            "start_date": start,
            "watch_forms": [{"formType": "REIMBURSE", "formBizCode": form} for form in sorted(world.maycur_forms)],
        },
        "piaozone": {
            "watch_bills": sorted(bill for bill in world.bills if "-LIVE-" not in bill),
            "watch_channels": list(world.messages),
        },
    }
    seller = {"shopex": world.maker.shop.tax_no}
    return [
        {
            "name": name,
            "kind": kind,
            "base_url": f"{base_url}/{kind}",
            "company_tax_no": seller.get(kind, world.maker.ours.tax_no),
            "credentials": credentials(kind, world),
            "options": options[kind],
            "enabled": True,
        }
        for kind, name in NAMES.items()
    ]

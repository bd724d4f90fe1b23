"""A small Piaozone server with the data of a test."""

import json
import zlib
from decimal import Decimal
from pathlib import Path

from apps.sources.connectors.piaozone.signing import polling_key
from tests.core.upstream import said

SAMPLES = Path(__file__).parents[1] / "samples" / "piaozone"
SECRET = "testsecret-9f2c"
LINK = "link-0001"


def sample(name):
    return json.loads((SAMPLES / f"{name}.json").read_text(), parse_float=Decimal)


class Vendor:
    """The vendor's data (details by serial number, bills, waiting messages by polling key) and its answers."""

    def __init__(self):
        self.details, self.bills, self.channels = {}, {}, {}
        self.confirmed, self.logins, self.lifetime = [], [], 129_600
        self.valid, self.refuse, self.token_under_data = set(), {}, False

    def waiting(self, *bodies, link=LINK):
        key = polling_key(link, "md5")
        self.channels[key] = [
            {"msgId": f"m{n}", "from": "fpzs", "key": key, "data": body} for n, body in enumerate(bodies)
        ]
        return self.channels[key]

    def __call__(self, request):
        if request.path == "/base/oauth/token":
            return self.login(request)
        if request.query.get("access_token") not in self.valid:
            return said({"errcode": "1300", "description": "token", "data": None})
        for part, (code, text) in self.refuse.items():
            if part in request.path or part in request.body.decode():
                return said({"errcode": code, "description": text, "data": None})
        return said(
            {"errcode": "0000", "description": "", "data": self.answer(request)} if self.has(request) else NOTHING
        )

    def login(self, request):
        self.logins.append(request.json())
        token = f"token-{len(self.logins)}"
        self.valid.add(token)
        token_data = {"access_token": token, "expires_in": self.lifetime}
        return said({"errcode": "0000", **({"data": token_data} if self.token_under_data else token_data)})

    def has(self, request):
        return not (request.path.endswith("data/v2") and not self.channels.get(request.query["key"]))

    def answer(self, request):
        body = request.json()
        if request.path.endswith("getUserKey"):
            return {"userKey": "user-" + body["billNumber"]}
        if request.path.endswith("getLinkKey"):
            return "link-new"
        if request.path.endswith("detail/query"):
            return [self.details[one] for one in body["fid"].split(",") if one in self.details]
        if request.path.endswith("invoices/query"):
            assert body["userKey"] == "user-" + body["billNumber"]
            return [
                self.details.get(row, {"serialNo": row}) if isinstance(row, str) else row
                for row in self.bills[body["billNumber"]]
            ]
        if request.path.endswith("data/v2"):
            return self.channels[request.query["key"]][0]
        if request.path.endswith("receipt"):
            self.confirmed.append(request.query["msgId"])
            waiting = self.channels[request.query["key"]]
            waiting[:] = [one for one in waiting if one.get("msgId") != request.query["msgId"]]
            return None
        raise AssertionError(request.path)


NOTHING = {"errcode": "1307", "description": "no data", "data": None}


def detail(serial, **more):
    return {
        **sample("detail_vat"),
        "serialNo": serial,
        "invoiceNo": f"{zlib.crc32(serial.encode()) % 10**8:08d}",
        **more,
    }


def codes(line):
    return [note.code for note in line.notes]

"""Minimal clients of the five systems for calls to the sandbox over HTTP."""

import base64
import hashlib
import itertools
import json
import time
from typing import Any

import requests
from Crypto.Cipher import DES
from Crypto.Util.Padding import unpad

from apps.sandbox import etax, maycur, piaozone, shopex
from apps.sandbox.server import Sandbox

_ticks = itertools.count(1)


def credentials(sandbox: Sandbox, kind: str) -> dict[str, str]:
    return next(one["credentials"] for one in sandbox.sources() if one["kind"] == kind)


def ask_checker(sandbox: Sandbox, lasttime: str = "", **changes: Any) -> dict[str, Any]:
    """The reply with lower-case keys and the records decrypted (CBC, key as IV, Base64)."""
    mine = credentials(sandbox, "checker")
    body = {"lasttime": lasttime, "authcode": mine["authcode"], **changes}
    reply = requests.post(
        f"{sandbox.url}/checker/api/Invoice/GetInvoices",
        json=body,
        headers={"Authorization": mine["authcode"]},
        timeout=10,
    ).json()
    reply = {key.lower(): value for key, value in reply.items()}
    if reply["data"]:
        key = mine["des_key"].encode()[:8]
        plain = DES.new(key, DES.MODE_CBC, key).decrypt(base64.b64decode(reply["data"]))  # noqa: S304 - what this vendor uses
        reply["data"] = json.loads(unpad(plain, 8))
    return reply


def all_of_checker(sandbox: Sandbox, lasttime: str = "") -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = []
    while (reply := ask_checker(sandbox, lasttime))["code"] == 0:
        records += reply["data"]
        lasttime = reply["lasttime"]
    return records


def shop_parameters(sandbox: Sandbox, method: str, **business: Any) -> dict[str, Any]:
    """Signed parameters with a new timestamp."""
    mine = credentials(sandbox, "shopex")
    stamp = int(time.time()) - next(_ticks)
    parameters = {"flag": mine["flag"], "method": method, "ver": "1", "charset": "utf-8", "type": "json"}
    parameters |= {"timestamp": str(stamp), **{name: str(value) for name, value in business.items()}}
    return parameters | {"sign": shopex.sign(parameters, mine["token"])}


def post_shop(sandbox: Sandbox, parameters: dict[str, Any]) -> Any:
    url = f"{sandbox.url}/shopex/index.php/openapi/rpc/service/"
    return requests.post(url, data=parameters, timeout=10).json()


def ask_shop(sandbox: Sandbox, method: str, **business: Any) -> Any:
    return post_shop(sandbox, shop_parameters(sandbox, method, **business))


def ask_etax(sandbox: Sandbox, sign_type: str = "0", secret: str = "", **query: Any) -> tuple[dict[str, Any], bytes]:
    """The reply and its Base64-decoded content."""
    mine = credentials(sandbox, "etax")
    parameters = {name: mine[name] for name in ("appid", "jtnsrsbh", "nsrsbh")} | {"serviceid": "S000621"}
    parameters |= {"content": base64.b64encode(json.dumps(query).encode()).decode(), "signType": sign_type}
    parameters["signature"] = etax.signature(parameters, secret or mine["appsecret"])
    reply = requests.post(f"{sandbox.url}/etax/invoice/S000621", data=parameters, timeout=10).json()
    return reply, base64.b64decode(reply["content"])


def etax_list(sandbox: Sandbox, **query: Any) -> dict[str, Any]:
    reply, content = ask_etax(sandbox, **query)
    assert reply["code"] == "0000", reply
    return json.loads(content)


class Maycur:
    """A client of the expense system with a login."""

    def __init__(self, sandbox: Sandbox, login: bool = True) -> None:
        self.sandbox, self.base, self.headers = sandbox, f"{sandbox.url}/maycur/api/openapi", {}
        if login:
            data = self.login().json()["data"]
            self.headers = {"tokenId": data["tokenId"], "entCode": data["entCode"]}

    def login(self, secret: str = "") -> requests.Response:
        mine, stamp = credentials(self.sandbox, "maycur"), int(time.time() * 1000)
        signed = maycur.login_secret(secret or mine["appSecret"], mine["appCode"], stamp)
        body = {"appCode": mine["appCode"], "timestamp": stamp, "secret": signed}
        return requests.post(f"{self.base}/auth/login", json=body, timeout=10)

    def search(self, **query: Any) -> requests.Response:
        return requests.post(f"{self.base}/invoice/search", json=query, headers=self.headers, timeout=10)


class Cloud:
    """A client of the invoice cloud with a token."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox, self.base, self.mine = sandbox, f"{sandbox.url}/piaozone", credentials(sandbox, "piaozone")
        self.token = self.fetch_token()["access_token"]

    def signed(self, kind: str = "", secret: str = "") -> dict[str, str]:
        stamp, client = str(int(time.time() * 1000)), self.mine["client_id"]
        signature = piaozone.sign(client, secret or self.mine["client_secret"], stamp, kind)
        return {"client_id": client, "timestamp": stamp, "sign": signature} | ({"encType": kind} if kind else {})

    def fetch_token(self, kind: str = "", secret: str = "") -> dict[str, Any]:
        body = self.signed(kind, secret)
        return requests.post(f"{self.base}/base/oauth/token", json=body, timeout=10).json()

    def post(self, path: str, **body: Any) -> dict[str, Any]:
        url = f"{self.base}{path}"
        return requests.post(url, params={"access_token": self.token}, json=body, timeout=10).json()

    def change(self, path: str, **body: Any) -> dict[str, Any]:
        """Make a changing call with our identity and a signature."""
        who = {"userKey": "", "tin": self.mine["tin"], "eid": self.mine["eid"]}
        return self.post(path, **(who | body | self.signed()))

    def get(self, path: str, **parameters: str) -> dict[str, Any]:
        query = {"access_token": self.token, **parameters}
        return requests.get(f"{self.base}{path}", params=query, timeout=10).json()

    def user_key(self, bill: str) -> str:
        body = self.signed() | {name: self.mine[name] for name in ("tin", "ghf_mc", "eid")}
        body |= {"billNumber": bill, "bxd_key": bill, "random": "r1", "ticketParam": "11111", "billType": ""}
        return self.post("/m4/fpzs/getUserKey", **body)["data"]["userKey"]

    def bill(self, number: str) -> list[dict[str, Any]]:
        user = self.user_key(number)
        return self.post("/m4/fpzs/expense/invoices/query", userKey=user, billNumber=number)["data"]

    def details(self, *serials: str) -> dict[str, Any]:
        return self.post("/m4/fpzs/expense/invoice/detail/query", **self.signed(), fid=",".join(serials))

    def poll(self, link: str) -> dict[str, Any]:
        return self.get("/polling/fpzs/invoice/data/v2", key=polling_key(link))

    def confirm(self, link: str, message: str) -> dict[str, Any]:
        return self.get("/polling/fpzs/portal/receipt", key=polling_key(link), msgId=message)


def polling_key(link: str) -> str:
    return hashlib.md5(link.encode(), usedforsecurity=False).hexdigest()

import time
from datetime import date, timedelta

from apps.sandbox.server import running
from apps.sandbox.truth.invoices import local

from .clients import Maycur


def windows(sandbox):
    """Half-open windows of one month that cover the whole history."""
    first, last = sandbox.world.start.replace(day=1), sandbox.world.today + timedelta(days=1)
    while first < last:
        after = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
        yield {"exportAtStart": f"{first} 00:00", "exportAtEnd": f"{after} 00:00"}
        first = after


def read(client, **what):
    rows, last = [], False
    while not last:
        reply = client.search(offset=len(rows), limit=50, **what).json()
        rows, last = rows + reply["data"], reply["last"]
    return rows


def test_windows_return_free_invoices_and_forms_linked_ones(shared):
    client, world = Maycur(shared), shared.world
    free = [row for window in windows(shared) for row in read(client, **window)]
    forms = next(one for one in shared.sources() if one["kind"] == "maycur")["options"]["watch_forms"]
    linked = read(client, forms=forms)
    codes = sorted(row["invoiceDataCode"] for row in free + linked)
    assert codes == sorted(row["invoiceDataCode"] for row in world.rows("maycur"))
    assert all(row["reimburseDataCode"] for row in linked)
    assert not any(row["reimburseDataCode"] for row in free)


def test_page_has_fifty_rows_newest_first():
    with running(invoices=5000) as sandbox:
        client = Maycur(sandbox)
        window = max(windows(sandbox), key=lambda one: len(read(client, **one)))
        reply = client.search(offset=0, limit=500, **window).json()
        assert len(reply["data"]) == 50
        assert reply["last"] is False
        moments = [row["importedAt"] // 1000 for row in reply["data"]]
        assert moments == sorted(moments, reverse=True)


def test_interval_includes_start_and_excludes_end(shared):
    client = Maycur(shared)
    seen = shared.world.maycur_free[0][0]
    minute = seen - seen % 60

    def codes(first, last):
        return [
            row["invoiceDataCode"]
            for row in client.search(
                offset=0,
                limit=50,
                exportAtStart=f"{local(first):%Y-%m-%d %H:%M}",
                exportAtEnd=f"{local(last):%Y-%m-%d %H:%M}",
            ).json()["data"]
        ]

    assert codes(minute, minute + 60)
    assert not codes(minute - 60, minute)


def refusal(response) -> str:
    reply = response.json()
    assert reply["code"] == "NACK"
    return reply["message"]


def test_interval_longer_than_a_month_is_refused(shared):
    client = Maycur(shared)
    query = {"offset": 0, "limit": 50, "exportAtStart": "2026-01-31 00:00"}
    assert client.search(**query, exportAtEnd="2026-02-28 00:00").json()["code"] == "ACK"
    assert "一个月" in refusal(client.search(**query, exportAtEnd="2026-03-02 00:00"))
    assert refusal(client.search(**query, exportAtEnd="2026-02-28"))
    assert refusal(client.search(offset=0, limit=50))


def test_more_than_fifty_forms_are_refused(shared):
    forms = [{"formType": "REIMBURSE", "formBizCode": f"BX{place}"} for place in range(51)]
    assert "50" in refusal(Maycur(shared).search(offset=0, limit=50, forms=forms))


def test_expired_token_is_refused():
    with running(invoices=100, today=date(2026, 3, 31), maycur_token_lifetime=30) as sandbox:
        client = Maycur(sandbox)
        window = next(windows(sandbox))
        assert client.search(offset=0, limit=50, **window).json()["code"] == "ACK"
        sandbox.systems["maycur"].clock = lambda: time.time() + 60
        expired = client.search(offset=0, limit=50, **window)
        assert expired.status_code == 401
        assert "token" in refusal(expired)


def test_too_many_logins_are_refused(sandbox):
    client = Maycur(sandbox, login=False)
    sandbox.settings.maycur_logins_per_minute = 3
    codes = [client.login().json()["code"] for _ in range(5)]
    assert codes == ["ACK"] * 3 + ["NACK"] * 2
    assert "登录" in refusal(client.login())


def test_wrong_secret_is_refused(shared):
    assert refusal(Maycur(shared, login=False).login(secret="wrong"))


def test_deployment_may_require_wrapped_requests(sandbox):
    sandbox.settings.maycur_wrap = True
    client, window = Maycur(sandbox), next(windows(sandbox))
    assert refusal(client.search(offset=0, limit=50, **window))
    wrapped = {"timestamp": 1, "data": {"offset": 0, "limit": 50, **window}}
    assert client.search(**wrapped).json()["code"] == "ACK"

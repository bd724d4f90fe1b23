"""Simulates an accountant in a separate process: ``python -m tests.durability.accountant SANDBOX_URL VOUCHERS SEED``.

Creates, collects, edits and voids vouchers, and looks into the upstream's books for every push of unknown outcome.
Prints ``acted`` after the last action, then settles pushes until none is unsettled. The last line is a report in JSON:
which vouchers upstream should have, and all pushes. Every other line only shows progress.
"""

import json
import os
import random
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "invoicehub.settings")
django.setup()

from django.db import Error, connection  # noqa: E402 - needs settings
from django.db.models import Max  # noqa: E402

from apps.core.errors import HubError  # noqa: E402
from apps.invoices.models import SourceRecord  # noqa: E402
from apps.outbox import services as outbox  # noqa: E402
from apps.outbox.choices import UNSETTLED, PushState, Reason  # noqa: E402
from apps.outbox.models import Push  # noqa: E402
from apps.outbox.selectors import request_body  # noqa: E402
from apps.sources.choices import PushKind  # noqa: E402
from apps.sources.models import Source  # noqa: E402
from apps.vouchers import pushing, selectors, services  # noqa: E402
from apps.vouchers.content import EntryContent  # noqa: E402
from apps.vouchers.models import AccountBook, Voucher  # noqa: E402
from apps.vouchers.services import Change, InvoiceLink  # noqa: E402
from tests.progress import Progress  # noqa: E402

DAY = date(2026, 3, 3)
INVOICES = 60  # the first so many vouchers also book an invoice
LOOK_EVERY = 25  # look upstream after this many vouchers


class Accountant:
    def __init__(self, url: str, vouchers: int, seed: int) -> None:
        self.url, self.vouchers, self.rng = url, vouchers, random.Random(seed)
        self.decided: Counter[str] = Counter()
        self.looks: Counter[int] = Counter()  # push → how many times it was looked up upstream

    def act(self) -> None:
        """Create all vouchers and change some, with a look upstream after every ``LOOK_EVERY`` vouchers."""
        source = retried(lambda: Source.objects.select_related("company").get(kind="piaozone"))
        book = retried(
            lambda: AccountBook.objects.get_or_create(
                company=source.company,
                name="总账",
                # One person works here alone, so that drafts are collected at once.
                defaults={
                    "account_id": "A1",
                    "source": source,
                    "audit_before_collect": False,
                    "collected_editable": True,
                },
            )[0]
        )
        seen = SourceRecord.objects.filter(source=source, deleted=False, invoice__isnull=False).order_by("external_id")
        invoices = retried(lambda: list(seen.values_list("invoice_id", flat=True)[:INVOICES]))
        for n in range(self.vouchers):
            links = [InvoiceLink(invoices[n], True, Decimal("1.23"))] if n < len(invoices) else []
            retried(lambda n=n, links=links: self._made(book, n, links))  # type: ignore[misc]
            self._act_on_one()
            if n % LOOK_EVERY == LOOK_EVERY - 1:
                show(f"made {n + 1}, unsettled {self.look()}")

    def _made(self, book: AccountBook, n: int, links: list[InvoiceLink]) -> None:
        if Voucher.objects.filter(book=book, vouch_id=f"v-{n}").exists():
            return  # the connection was lost after the commit
        amount = Decimal(self.rng.randrange(100, 10**6)) / 100
        entries = [EntryContent("差旅费", "6602", debit=amount), EntryContent("应付", "2241", credit=amount)]
        head = {
            "vouch_id": f"v-{n}", "vouch_no": f"{n:05d}", "business_date": DAY, "account_date": DAY, "period": "202603",
        }  # fmt: skip
        voucher = services.create(book, Change(head, entries, links), None)
        pushing.queue_collect(voucher.pk, None, None)

    def _act_on_one(self) -> None:
        """Edit, void or reopen one of the vouchers made so far, or do nothing."""
        chance = self.rng.random()
        pk = retried(self._any)
        act: Callable[[], Any] | None = None
        if chance < 0.25:
            change = Change({"item": f"人{self.rng.randrange(1000)}"})
            act = lambda: services.update(pk, None, change, None)  # noqa: E731
        elif chance < 0.40:
            act = lambda: pushing.queue_void(pk, None, None, "误记")  # noqa: E731
        elif chance < 0.45:
            act = lambda: (services.reopen(pk, None), pushing.queue_collect(pk, None, None))  # noqa: E731
        if act is not None:
            try:
                retried(act)
            except HubError as refused:
                self.decided[refused.message.code] += 1

    def _any(self) -> int:
        made = Voucher.objects.count()
        return Voucher.objects.order_by("pk").values_list("pk", flat=True)[self.rng.randrange(made)]

    def look(self) -> int:
        """Decide every push of unknown outcome by the upstream's books. Returns the number of unsettled pushes."""
        undecided = Push.objects.filter(state=PushState.NEEDS_PERSON, reason=Reason.UNKNOWN)
        pushes = retried(lambda: list(undecided.annotate(latest=Max("attempts__number"))))
        with urllib.request.urlopen(f"{self.url}/_sandbox/books") as answer:  # noqa: S310 - the sandbox of this test
            books = json.load(answer)
        for push in pushes:
            there = is_there(push, books)
            self.decided["there" if there else "not there"] += 1
            self.looks[push.pk] += 1
            decide = (lambda one=push: outbox.mark_done(one, None, "it is there")) if there else (
                lambda one=push: outbox.retry(one, None, one.latest)
            )  # fmt: skip
            try:
                retried(decide)
            except HubError:
                continue
        return retried(lambda: Push.objects.filter(state__in=UNSETTLED).count())

    def report(self) -> dict[str, Any]:
        """The voucher contents that upstream should have now, all pushes with their attempts, and the decisions."""
        vouchers = list(Voucher.objects.order_by("pk"))
        contents = selectors.contents(vouchers)
        return {
            "expected": {
                one.vouch_id: pushing.request_body(one, contents[one.pk]) if one.state == "booked" else None
                for one in vouchers
            },
            "push_states": Counter(voucher.push_state for voucher in vouchers),
            "pushes": [
                {
                    "kind": push.kind, "subject": push.label, "revision": push.revision, "state": push.state,
                    "reason": push.reason, "payload": request_body(push), "looks": self.looks[push.pk],
                    "attempts": [(one.outcome, one.status_query) for one in reversed(push.attempts.all())],
                }
                for push in Push.objects.order_by("pk").prefetch_related("attempts")
            ],
            "decided": self.decided,
        }  # fmt: skip


def is_there(push: Push, books: dict[str, Any]) -> bool:
    """Whether the upstream's books show the effect of this push."""
    body = request_body(push)
    if push.kind == PushKind.INVOICE_STATUS:
        invoices = books["invoices"]
        return all(
            invoices.get(one["serialNo"], {}).get("expenseStatus", "1") == body["expenseStatus"]
            for one in body["invoiceData"]
        )
    vouch_id = body["vouchId"] if push.kind == PushKind.VOUCHER_VOID else body["voucherInfo"]["vouchId"]
    kept = books["vouchers"].get(vouch_id)
    if push.kind == PushKind.VOUCHER_VOID:
        return kept is None or bool(kept["deleted"])
    return kept is not None and not kept["deleted"] and kept["content"] == body


def retried(act: Callable[[], Any]) -> Any:
    """Repeat ``act`` until the database can be reached."""
    progress = Progress("the database of the accountant")
    while True:
        try:
            return act()
        except Error as error:
            connection.close()
            progress.look(type(error))
            time.sleep(0.2)


def show(line: str) -> None:
    print(line, flush=True)  # noqa: T201


def main() -> None:
    accountant = Accountant(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
    accountant.act()
    show("acted")
    unsettled = 0
    while left := accountant.look():
        if left != unsettled:
            show(f"unsettled {left}")
        unsettled = left
        time.sleep(0.5)
    show(json.dumps(retried(accountant.report)))


if __name__ == "__main__":
    main()

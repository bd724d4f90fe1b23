"""A bill of ours and the sandbox's invoice cloud, with a window on the assistant open."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from apps.accounts.models import Company, User
from apps.bills.assistant import receiving
from apps.bills.models import AssistantMessage, AssistantSession, Bill
from apps.core.http import Limits
from apps.sandbox.rows.piaozone import detail, serial_no
from apps.sandbox.server import Sandbox
from apps.sources.connectors.piaozone.assistant import Assistant
from apps.sources.context import SourceContext
from apps.sources.models import Source
from tests.factories import BillFactory, UserFactory

QUICK = Limits(connect_timeout=2.0, read_timeout=5.0, attempts=1)
LINK = "link-of-this-window"


@dataclass
class Desk:
    sandbox: Sandbox
    source: Source
    user: User
    bill: Bill
    session: AssistantSession

    @property
    def wallet(self) -> list[Any]:
        """Invoices of the sandbox on no bill and without defects."""
        return [one for one in self.sandbox.systems["piaozone"].books.free() if not one.defect]

    def serials(self, count: int, start: int = 0) -> list[str]:
        return [serial_no(one, self.sandbox.world.seed) for one in self.wallet[start : start + count]]

    def row(self, serial: str) -> dict[str, Any]:
        invoice = self.sandbox.world.invoice(serial)
        assert invoice is not None
        return detail(invoice, self.sandbox.world.seed)

    def say(self, *bodies: dict[str, Any]) -> None:
        """Put messages of the vendor's page into the window's channel."""
        self.sandbox.world.messages.setdefault(LINK, []).extend(bodies)

    def chosen(self, *serials: str, **more: Any) -> dict[str, Any]:
        rows = [{"serialNo": serial, "invoiceType": self.row(serial)["invoiceType"]} for serial in serials]
        head = {
            "billnumber": self.bill.number,
            "bxd_key": self.bill.external_key,
            "invoiceSerialNos": ",".join(serials),
        }
        return {"type": "saveBill", "data": {**head, "data": rows, **more}}

    def hear(self) -> list[AssistantMessage]:
        """Receive and apply all messages of the channel."""
        heard = []
        with SourceContext(self.source, limits=QUICK) as context:
            while (message := receiving.receive(self.session, Assistant(context))) is not None:
                message.refresh_from_db()
                heard.append(message)
        self.bill.refresh_from_db()
        return heard

    def on_bill(self) -> list[str]:
        """The present serial numbers of the invoices on the bill."""
        from apps.bills.selectors import live
        from apps.invoices.serial_numbers import serial_numbers

        picked = live(self.bill.bill_invoices.all()).order_by("pk").values_list("invoice_id", flat=True)
        serial_of = serial_numbers(list(picked), [self.source.pk])[self.source.pk]
        return [serial_of[pk] for pk in picked if pk in serial_of]


def source_of(sandbox: Sandbox) -> Source:
    line = next(one for one in sandbox.sources() if one["kind"] == "piaozone")
    tax_no = line.pop("company_tax_no")
    values = next(one for one in sandbox.companies() if one["tax_no"] == tax_no)
    company, _made = Company.objects.get_or_create(tax_no=tax_no, defaults=values)
    return Source.objects.create(company=company, **{**line, "options": {**line["options"], "watch_channels": []}})


@contextmanager
def desk(sandbox: Sandbox) -> Iterator[Desk]:
    source = source_of(sandbox)
    user = UserFactory(username="chen", is_superuser=True)
    bill = BillFactory(company=source.company, source=source)
    session = AssistantSession.objects.create(
        source=source, bill=bill, opened_by=user, link_key=LINK, user_key="user",
        ends_at=timezone.now() + timedelta(hours=1),
    )  # fmt: skip
    yield Desk(sandbox, source, user, bill, session)
    sandbox.world.messages.pop(LINK, None)

"""Run by test_upgrade.py on the upgraded database: what people look at, and what they take back. Writes what failed."""

import sys
from collections.abc import Iterator

from django.db import transaction
from django.test import Client

from apps.accounts.models import User
from apps.bills.models import Bill
from apps.duplicates.models import CaseDecision, DuplicateCase
from apps.duplicates.services import undo
from apps.invoices.models import Invoice
from apps.outbox.models import Push
from apps.vouchers.models import Voucher

_LISTS = ("", "invoices/", "bills/", "vouchers/", "findings/", "duplicates/", "pushes/", "bills/messages/")


def main() -> None:
    """Open the pages of all rows, undo the merge of case 3, and name every failure on a line of its own."""
    admin = User.objects.get(username="admin")
    client = Client(SERVER_NAME="localhost", raise_request_exception=False)
    client.force_login(admin)
    visited = 0
    for path in _paths():
        status = client.get(f"/{path}", follow=True).status_code
        visited += 1
        if status != 200:
            sys.stdout.write(f"{status} /{path}\n")
    with transaction.atomic():
        undo(CaseDecision.objects.get(case=3, action="merge"), admin)
        parted = Invoice.objects.get(key="L:9:ORDER2")
        if parted.merged_into_id is not None or parted.source_records.count() != 1:
            sys.stdout.write("the undone merge did not part the invoices\n")
        transaction.set_rollback(True)
    sys.stdout.write(f"visited {visited}\n")


def _paths() -> Iterator[str]:
    yield from _LISTS
    for push in Push.objects.all():
        yield f"pushes/{push.pk}/"
        yield f"api/v1/pushes/{push.pk}/"
    for model, place in ((Invoice, "invoices"), (Bill, "bills"), (Voucher, "vouchers"), (DuplicateCase, "duplicates")):
        for pk in model._default_manager.values_list("pk", flat=True):
            yield f"{place}/{pk}/"

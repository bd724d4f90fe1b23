"""Cover sheets: on the bill's page, and with the bill to the invoice cloud."""

from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from apps.bills import services
from apps.bills.models import Bill, BillCover
from apps.core.errors import HubError
from apps.outbox.models import Push
from apps.outbox.selectors import request_body
from tests.factories import BillFactory, SourceFactory, UserFactory

from .builders import invoices

pytestmark = pytest.mark.django_db
SCAN = b"%PDF-1.7 a scan"


@pytest.fixture
def bill(settings: Any, tmp_path: Path) -> Bill:
    settings.MEDIA_ROOT = tmp_path
    cloud = SourceFactory(kind="piaozone")
    bill = BillFactory(company=cloud.company, source=cloud)
    services.reserve(bill, [invoices(cloud, 1)[0].pk], None)
    return bill


@pytest.fixture
def page(bill: Bill) -> Client:
    client = Client()
    client.force_login(UserFactory(role="accountant", companies=[bill.company]))
    return client


def put(page: Client, bill: Bill, name: str = "scan.pdf", content: bytes = SCAN) -> Any:
    return page.post(
        reverse("bill_cover", args=[bill.pk]), {"file": SimpleUploadedFile(name, content), "number": "F-1"}
    )


def test_a_cover_is_pushed_when_the_bill_is_submitted(bill: Bill, page: Client) -> None:
    assert put(page, bill).status_code == 302
    assert "F-1.pdf" in page.get(reverse("bill", args=[bill.pk])).content.decode()
    answer = page.get(reverse("bill_cover_file", args=[bill.pk]))
    assert b"".join(answer.streaming_content) == SCAN  # type: ignore[attr-defined]
    assert answer["Content-Disposition"].startswith("attachment")
    services.submit(bill, None)
    body = request_body(Push.objects.get(kind="bill_lines_save"))
    assert body["coverBase64"] == b64encode(SCAN).decode()
    assert (body["coverFileType"], body["coverNumber"]) == ("pdf", "F-1")


@pytest.mark.parametrize(("name", "content"), [("virus.exe", SCAN), ("large.pdf", b"x" * (2 * 1024 * 1024 + 1))])
def test_other_and_large_files_are_refused(bill: Bill, page: Client, name: str, content: bytes) -> None:
    assert put(page, bill, name, content).status_code == 200
    assert not BillCover.objects.exists()


def test_a_new_cover_replaces_the_old_and_can_be_taken_off(
    bill: Bill, page: Client, django_capture_on_commit_callbacks: Any
) -> None:
    put(page, bill)
    before = BillCover.objects.get().file.path
    with django_capture_on_commit_callbacks(execute=True):
        put(page, bill, "new.png", b"png")
    assert BillCover.objects.get().file_type == "png"
    assert not Path(before).exists()
    page.post(reverse("drop_bill_cover", args=[bill.pk]))
    assert not BillCover.objects.exists()
    services.submit(bill, None)
    assert "coverBase64" not in request_body(Push.objects.get(kind="bill_lines_save"))


def test_a_missing_cover_file_stops_submitting_with_a_message(bill: Bill, page: Client) -> None:
    put(page, bill)
    Path(BillCover.objects.get().file.path).unlink()
    with pytest.raises(HubError) as refused:
        services.submit(bill, None)
    assert refused.value.message.code == "bills.cover_gone"
    bill.refresh_from_db()
    assert bill.state == "draft"


def test_a_cover_is_hidden_from_other_companies(bill: Bill, page: Client) -> None:
    put(page, bill)
    stranger = Client()
    stranger.force_login(UserFactory(role="accountant"))
    assert stranger.get(reverse("bill_cover_file", args=[bill.pk])).status_code == 404

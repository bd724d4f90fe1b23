"""Putting a cover sheet on a draft and taking it off."""

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from apps.accounts.models import User
from apps.bills.models import Bill, BillCover
from apps.bills.services.writing import editable, record

TYPES = ("pdf", "jpg", "jpeg", "png", "ofd")
MOST_BYTES = 2 * 1024 * 1024  # it travels inside the message about the bill


@transaction.atomic
def put_cover(
    bill: Bill, user: User | None, file: UploadedFile, file_type: str, number: str, revision: int | None = None
) -> BillCover:
    """The draft's cover from now on, in the place of an earlier one. ``file_type``: one of TYPES."""
    found = editable(bill, revision)
    remove(found)
    cover = BillCover.objects.create(
        bill=found, file=file, file_type=file_type, number=number.strip() or found.number, uploaded_by=user
    )
    record(found, "cover", user, "bills.cover_put", number=cover.number)
    return cover


@transaction.atomic
def drop_cover(bill: Bill, user: User | None, revision: int | None = None) -> None:
    found = editable(bill, revision)
    if remove(found):
        record(found, "cover", user, "bills.cover_dropped")


def remove(bill: Bill) -> bool:
    """Take the cover away, if there is one. The file goes once nobody can come back to it."""
    cover = BillCover.objects.filter(bill=bill).first()
    if cover is None:
        return False
    storage, name = cover.file.storage, cover.file.name or ""
    cover.delete()
    transaction.on_commit(lambda: storage.delete(name))
    return True

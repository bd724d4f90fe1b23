"""Setting and removing the cover sheet of a draft."""

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from apps.accounts.models import User
from apps.bills.models import Bill, BillCover
from apps.bills.services.writing import editable, record

TYPES = ("pdf", "jpg", "jpeg", "png", "ofd")
MOST_BYTES = 2 * 1024 * 1024  # it is sent inside the push of the bill


@transaction.atomic
def put_cover(
    bill: Bill, user: User | None, file: UploadedFile, file_type: str, number: str, revision: int | None = None
) -> BillCover:
    """Set or replace the cover of a draft. ``file_type``: one of TYPES."""
    draft = editable(bill, revision)
    remove(draft)
    cover = BillCover.objects.create(
        bill=draft, file=file, file_type=file_type, number=number.strip() or draft.number, uploaded_by=user
    )
    record(draft, "cover", user, "bills.cover_put", number=cover.number)
    return cover


@transaction.atomic
def drop_cover(bill: Bill, user: User | None, revision: int | None = None) -> None:
    draft = editable(bill, revision)
    if remove(draft):
        record(draft, "cover", user, "bills.cover_dropped")


def remove(bill: Bill) -> bool:
    """Delete the cover; whether there was one. Its file is deleted after the commit, so that a rollback keeps it."""
    cover = BillCover.objects.filter(bill=bill).first()
    if cover is None:
        return False
    storage, name = cover.file.storage, cover.file.name or ""
    cover.delete()
    transaction.on_commit(lambda: storage.delete(name))
    return True

"""The cover sheet of a bill."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


def _place(cover: Any, filename: str) -> str:
    """The path of the file, without the name of the uploaded file, which cannot be trusted."""
    return f"covers/{cover.bill.external_key[:2]}/{cover.bill.external_key}.{cover.file_type}"


class BillCover(models.Model):
    """One scan per bill. ``number``: the number on the sheet; the invoice cloud requires it and the type."""

    bill = models.OneToOneField("bills.Bill", models.CASCADE, related_name="cover", verbose_name=_("expense bill"))
    file = models.FileField(_("file"), upload_to=_place)
    file_type = models.CharField(_("file type"), max_length=10)
    number = models.CharField(_("cover number"), max_length=100)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    uploaded_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("cover sheet")
        verbose_name_plural = _("cover sheets")

    def __str__(self) -> str:
        return self.number

"""The table of voucher templates; ``voucher_templates`` has what is done with them."""

import pghistory
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.accounts.visibility import CompanyQuerySet


@pghistory.track()
class VoucherTemplate(models.Model):
    """Entries that are used again and again (凭证模板). ``entries``: a list of the fields of ``EntryContent``."""

    book = models.ForeignKey(
        "vouchers.AccountBook", models.CASCADE, related_name="templates", verbose_name=_("account book")
    )
    name = models.CharField(_("name"), max_length=100)
    type = models.CharField(_("voucher type"), max_length=50, default="", blank=True)
    entries = models.JSONField(_("entries"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("made by")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    company_lookup = "book__company__in"
    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("voucher template")
        verbose_name_plural = _("voucher templates")
        ordering = ["book", "name"]
        constraints = [models.UniqueConstraint(fields=["book", "name"], name="one_voucher_template_per_name")]

    def __str__(self) -> str:
        return self.name

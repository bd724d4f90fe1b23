"""What this app says to people; registered when the app is ready."""

from django.utils.translation import gettext_lazy as _

from apps.core.messages import define

SENTENCES = {"accounts.nobody": _("Nobody is called %(name)s here, or the account is switched off.")}


def register() -> None:
    define(SENTENCES)

"""Model fields of general use."""

from typing import Any

import msgspec
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models


def cipher() -> MultiFernet:
    """The keys of ``INVOICEHUB_CREDENTIAL_KEYS``: the first encrypts, all decrypt."""
    return MultiFernet([Fernet(key) for key in settings.CREDENTIAL_KEYS])


def yuan_field(label: Any, **options: Any) -> "models.DecimalField[Any, Any]":
    """A column of an amount in yuan, exact to the cent."""
    return models.DecimalField(label, max_digits=18, decimal_places=2, **options)


class EncryptedJSONField(models.TextField):
    """A JSON value encrypted at rest under keys of its own; plain Python on the model instance.

    Raises ImproperlyConfigured when no configured key can open what is stored.
    """

    description = "Encrypted JSON"
    _pyi_private_set_type: Any  # for the type checker: any JSON value goes in and comes out
    _pyi_private_get_type: Any

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        if not value:
            return {} if value is not None else None
        try:
            return msgspec.json.decode(cipher().decrypt(value.encode()))
        except InvalidToken as error:
            raise ImproperlyConfigured(
                "Stored credentials cannot be opened with INVOICEHUB_CREDENTIAL_KEYS. "
                "Add the key they were written under to the list, then run rotate_credentials."
            ) from error

    def get_prep_value(self, value: Any) -> str | None:
        if value is None:
            return None
        return cipher().encrypt(msgspec.json.encode(value)).decode()

    def to_python(self, value: Any) -> Any:
        return value

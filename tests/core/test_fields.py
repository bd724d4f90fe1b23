"""Stored credentials: encrypted with the newest key, readable with older ones."""

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from apps.core.fields import EncryptedJSONField, cipher

FIELD = EncryptedJSONField()
VALUE = {"client_id": "me", "client_secret": "s3cret", "eid": "用户"}


def read(stored):
    return FIELD.from_db_value(stored, None, None)


plain = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(-(2**53), 2**53), st.text(st.characters(exclude_categories=["Cs"]))
    ),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner)),
    max_leaves=5,
)


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), plain))
def test_credentials_are_read_as_they_were_written(value):
    assert read(FIELD.get_prep_value(value)) == value


def test_stored_credentials_are_encrypted_with_a_fresh_nonce():
    first, second = FIELD.get_prep_value(VALUE), FIELD.get_prep_value(VALUE)
    assert "s3cret" not in first
    assert "client" not in first
    assert first != second


def test_empty_credentials_stay_empty():
    assert FIELD.get_prep_value(None) is None
    assert read(None) is None
    assert read("") == {}


def test_credentials_are_readable_after_a_key_rotation(settings):
    old, new = Fernet.generate_key(), Fernet.generate_key()
    settings.CREDENTIAL_KEYS = [old]
    stored = FIELD.get_prep_value(VALUE)

    settings.CREDENTIAL_KEYS = [new, old]
    assert read(stored) == VALUE
    rewritten = cipher().rotate(stored.encode()).decode()

    settings.CREDENTIAL_KEYS = [new]
    assert read(rewritten) == VALUE
    with pytest.raises(ImproperlyConfigured, match="INVOICEHUB_CREDENTIAL_KEYS"):
        read(stored)


def test_modified_ciphertext_is_refused_without_showing_it(settings):
    settings.CREDENTIAL_KEYS = [Fernet.generate_key()]
    stored = FIELD.get_prep_value(VALUE)
    damaged = stored[:-5] + ("A" if stored[-5] != "A" else "B") + stored[-4:]
    with pytest.raises(ImproperlyConfigured) as failed:
        read(damaged)
    assert damaged not in str(failed.value)

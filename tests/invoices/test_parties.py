"""Parties that a process remembers are taken only while they are there."""

import pytest
from django.db import connection, transaction

from apps.invoices.models import Party
from apps.invoices.parties import party_ids
from apps.sources.records import PartyRecord

pytestmark = pytest.mark.django_db(transaction=True)

BUYER, SELLER = PartyRecord(name="甲公司", tax_no="91440000100017600N"), PartyRecord(name="乙公司", tax_no="")


def ids(*parties: PartyRecord) -> list[int]:
    with transaction.atomic():
        of_pair = party_ids(parties)
    return [of_pair[party.name, party.tax_no] for party in parties]


def test_a_party_keeps_its_id() -> None:
    assert ids(BUYER, SELLER) == ids(BUYER, SELLER)
    assert Party.objects.count() == 2


def test_a_deleted_party_is_made_anew() -> None:
    buyer, seller = ids(BUYER, SELLER)
    Party.objects.filter(pk=buyer).delete()
    anew, same = ids(BUYER, SELLER)
    assert (anew != buyer, same) == (True, seller)
    assert Party.objects.get(pk=anew).name == BUYER.name


def test_an_id_that_was_given_to_another_party_is_not_taken() -> None:
    ids(BUYER, SELLER)
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE invoices_party RESTART IDENTITY CASCADE")
    seller, buyer = ids(SELLER, BUYER)
    assert Party.objects.get(pk=buyer).name == BUYER.name
    assert Party.objects.get(pk=seller).name == SELLER.name

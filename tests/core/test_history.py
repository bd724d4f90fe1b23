"""Pages of the history."""

import pytest

from apps.accounts.models import Company
from apps.core.history import changes_of
from tests.factories import CompanyFactory

pytestmark = pytest.mark.django_db


def test_a_row_with_archived_history_has_none():
    company = CompanyFactory()
    assert len(changes_of(company)) == 1
    Company.pgh_event_model.objects.all().delete()
    assert changes_of(company) == []

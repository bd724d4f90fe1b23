import pytest

from apps.accounts.models import Company, User
from apps.vouchers.models import AccountBook
from tests.factories import AccountBookFactory, UserFactory


@pytest.fixture
def book(db: None) -> AccountBook:
    return AccountBookFactory()


@pytest.fixture
def company(book: AccountBook) -> Company:
    return book.company


@pytest.fixture
def accountant(company: Company) -> User:
    return UserFactory(role="accountant", companies=[company])

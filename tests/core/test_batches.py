import pytest
from django.db import connection

from apps.accounts.models import Company
from apps.core.batches import commit_each


@pytest.mark.django_db
def test_batches_are_written_in_order_and_prepared_one_ahead() -> None:
    seen = []

    def batch(number):
        def prepare():
            seen.append(f"prepare {number}")
            return number

        return prepare

    def write(number):
        seen.append(f"write {number}")
        return number * 10

    assert list(commit_each((batch(number) for number in range(3)), write)) == [0, 10, 20]
    assert seen == ["prepare 0", "write 0", "prepare 1", "write 1", "prepare 2", "write 2"]


@pytest.mark.django_db
def test_batches_are_read_lazily() -> None:
    taken = []

    def batches():
        for number in range(100):
            taken.append(number)
            yield lambda: None

    next(commit_each(batches(), lambda _prepared: None))
    assert len(taken) == 2


@pytest.mark.django_db(transaction=True)
def test_a_batch_that_fails_leaves_the_earlier_ones_committed() -> None:
    def write(tax_no):
        Company.objects.create(name=tax_no, tax_no=tax_no)
        if tax_no == "C":
            raise ValueError(tax_no)

    with pytest.raises(ValueError, match="C"):
        list(commit_each((lambda tax_no=tax_no: tax_no for tax_no in "ABCD"), write))
    assert not connection.in_atomic_block
    assert set(Company.objects.values_list("tax_no", flat=True)) == {"A", "B"}


@pytest.mark.django_db(transaction=True)
def test_a_batch_that_cannot_be_prepared_leaves_the_earlier_ones_committed() -> None:
    def broken():
        raise ValueError("unreadable")

    def write(tax_no):
        Company.objects.create(name=tax_no, tax_no=tax_no)

    with pytest.raises(ValueError, match="unreadable"):
        list(commit_each([lambda: "A", broken, lambda: "C"], write))
    assert set(Company.objects.values_list("tax_no", flat=True)) == {"A"}

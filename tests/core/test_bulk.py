import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from apps.core.bulk import copy_rows, text_array

# What PostgreSQL keeps: any character but NUL and halves of surrogate pairs.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")) | st.sampled_from(
    ["", "NULL", "\\N", "{}", '"', "\\", ",", "a\tb", "a\nb", "\r", "\\.", "{a,b}", " ", "'"]
)


class WhatIsWrittenIsReadBack(TestCase):
    @given(st.lists(TEXTS))
    def test_an_array_of_texts(self, texts: list[str]) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s::text[]", [text_array(texts)])
            assert cursor.fetchone()[0] == texts

    @given(st.lists(st.tuples(TEXTS, st.lists(TEXTS), st.none() | TEXTS), min_size=1, max_size=5))
    def test_rows_by_copy(self, rows: list[tuple[str, list[str], str | None]]) -> None:
        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE copied (place int, one text, many text[], maybe text)")
            copy_rows("copied", ("place", "one", "many", "maybe"), ((n, *row) for n, row in enumerate(rows)))
            cursor.execute("SELECT one, many, maybe FROM copied ORDER BY place")
            assert cursor.fetchall() == rows
            cursor.execute("DROP TABLE copied")


@pytest.mark.django_db
def test_no_rows_need_no_copy(django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        copy_rows("accounts_company", ("name",), [])

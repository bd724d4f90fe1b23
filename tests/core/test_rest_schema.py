"""The OpenAPI schema."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator

from apps.core.idempotency import RepeatableWrites
from apps.outbox.choices import PushState
from apps.vouchers.choices import VoucherPushState
from invoicehub.api import described, router

REPEATABLE = {prefix for prefix, viewset, _name in router.registry if issubclass(viewset, RepeatableWrites)}


@pytest.fixture(scope="module")
def schema() -> Any:
    GENERATOR_STATS.reset()
    generated = SchemaGenerator(patterns=described).get_schema(request=None, public=True)
    assert not GENERATOR_STATS  # a warning: two things of one name, or something that could not be read
    return generated


def operations(schema: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for path, item in schema["paths"].items():
        for method, operation in item.items():
            yield f"{method.upper()} {path.removeprefix('/api/v1/')}", operation


def parts(schema: Mapping[str, Any], name: str) -> Any:
    return schema["components"]["schemas"][name]["properties"]


def test_every_operation_and_parameter_has_a_description(schema: Any) -> None:
    undescribed = [name for name, operation in operations(schema) if not operation.get("summary")]
    undescribed += [
        f"{name} {parameter['name']}"
        for name, operation in operations(schema)
        for parameter in operation.get("parameters", ())
        if not parameter.get("description")
    ]
    assert undescribed == []
    summaries = Counter((operation["tags"][0], str(operation["summary"])) for _name, operation in operations(schema))
    assert [summary for summary, times in summaries.items() if times > 1] == []


def test_descriptions_do_not_mention_code(schema: Any) -> None:
    descriptions = " ".join(str(operation.get("description", "")) for _name, operation in operations(schema))
    assert "viewset" not in descriptions
    assert "endpoints" not in descriptions
    ids = [operation["operationId"] for _name, operation in operations(schema)]
    assert "bills_submit" in ids
    assert len(set(ids)) == len(ids)


def test_errors_are_problem_details(schema: Any) -> None:
    for name, operation in operations(schema):
        assert {"401", "403"} <= operation["responses"].keys(), name
        assert ("404" in operation["responses"]) == ("{" in name), name
        for code, answer in operation["responses"].items():
            if int(code) >= 400:
                assert list(answer["content"]) == ["application/problem+json"], name
                assert answer["description"], name


def test_the_idempotency_key_is_documented_for_repeatable_writes(schema: Any) -> None:
    for name, operation in operations(schema):
        method, _, path = name.partition(" ")
        names = {parameter["name"] for parameter in operation.get("parameters", ())}
        repeatable = method != "GET" and path.partition("/")[0] in REPEATABLE and "/assistant/" not in path
        assert ("Idempotency-Key" in names) == repeatable, name
        assert ("422" in operation["responses"]) == repeatable, name


def test_actions_document_their_request_bodies(schema: Any) -> None:
    bodies = {
        step: schema["paths"][f"/api/v1/bills/{{id}}/{step}/"]["post"]["requestBody"]["content"]["application/json"]
        for step in ("submit", "reject")
    }
    assert {step: body["schema"]["$ref"].rpartition("/")[2] for step, body in bodies.items()} == {
        "submit": "BillRevision", "reject": "BillReason",
    }  # fmt: skip


def test_state_filters_have_the_states_of_their_model(schema: Any) -> None:
    enums = schema["components"]["schemas"]
    assert enums["PushStateEnum"]["enum"] == PushState.values
    assert enums["VoucherPushStateEnum"]["enum"] == VoucherPushState.values
    assert "PushStateEnum" in str(parts(schema, "Push")["state"])
    assert "VoucherPushStateEnum" in str(parts(schema, "Voucher")["push_state"])


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("Invoice", "total_amount"), ("Bill", "amount"), ("Voucher", "total_debit"), ("VoucherEntry", "debit"),
        ("BillInvoice", "amount"), ("InvoiceBill", "amount"), ("Case", "total_amount"),
    ],
)  # fmt: skip
def test_amounts_are_text_with_two_decimals(schema: Any, name: str, field: str) -> None:
    amount = parts(schema, name)[field]
    assert (amount["type"], amount["format"]) == ("string", "decimal")
    assert "{0,2}" in amount["pattern"]

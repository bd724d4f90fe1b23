"""Queueing and superseding pushes, and decisions of people."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps

from apps.core.errors import HubError
from apps.outbox import delivery, services
from apps.outbox.choices import PushState, Reason
from apps.outbox.models import Push
from apps.outbox.services import PushCommand, Retried
from apps.sources.choices import PushKind
from apps.sources.models import Source
from apps.sources.pushes import EntryContent, VoucherBook, VoucherCollect, VoucherReference
from tests.factories import AdminFactory, SourceFactory, UserFactory

from .conftest import Scripted, payload_of
from .test_delivery import REFUSED, UNKNOWN

Queue = Callable[..., Push]
COLLECT, VOID, STATUS = PushKind.VOUCHER_COLLECT, PushKind.VOUCHER_VOID, PushKind.INVOICE_STATUS

WITH_FLOAT = VoucherCollect(
    voucher=VoucherReference("a:1", "1"),
    book=VoucherBook(),
    entries=(EntryContent(debit=1.5),),  # type: ignore[arg-type]
)


def command(source: Source, subject: str) -> PushCommand:
    payload = payload_of(COLLECT, subject)
    return PushCommand(source=source, company=source.company, kind=COLLECT, subject=subject, label="a", payload=payload)


def states() -> list[str]:
    return list(Push.objects.order_by("pk").values_list("state", flat=True))


def test_the_same_command_queued_twice_is_one_push(queue: Queue) -> None:
    assert queue(revision=1) == queue(revision=1)
    assert queue(revision=1, payload=payload_of(COLLECT, "another")).pk != queue(revision=1).pk


def test_commands_are_queued_in_order_and_once(source: Source) -> None:
    commands = [
        PushCommand(
            source=source,
            company=source.company,
            kind=COLLECT,
            subject=f"a:{n}",
            label="a",
            payload=payload_of(COLLECT, f"a:{n}"),
        )
        for n in (3, 1, 2, 1)
    ]
    queued_before = services.queue(commands[2:3], None)[0]
    made = services.queue(commands, None)
    assert [push.subject for push in made] == ["a:3", "a:1", "a:2", "a:1"]
    assert (made[1], made[2]) == (made[3], queued_before)
    assert list(Push.objects.order_by("pk").values_list("subject", flat=True)) == ["a:2", "a:3", "a:1"]


def test_a_float_in_one_command_queues_none(source: Source) -> None:
    commands = [
        PushCommand(source=source, company=source.company, kind=COLLECT, subject="a:1", label="a", payload=payload)
        for payload in (payload_of(COLLECT, "a:1"), WITH_FLOAT)
    ]
    with pytest.raises(TypeError):
        services.queue(commands, None)
    assert not Push.objects.exists()


def test_a_newer_push_supersedes_an_unsent_one(source: Source, upstream: type[Scripted], queue: Queue) -> None:
    older = queue(revision=1)
    queue(kind=STATUS)
    queue(revision=2)
    assert states() == ["cancelled", "pending", "pending"]
    older.refresh_from_db()
    assert older.reason == Reason.SUPERSEDED
    delivery.deliver(source.pk, 10)
    assert [(kind, payload.voucher.number) for kind, payload in upstream.sent] == [
        ("invoice_status", "0"),
        ("voucher_collect", "2"),
    ]


def test_a_newer_push_waits_for_one_that_may_have_been_sent(
    source: Source, upstream: type[Scripted], queue: Queue
) -> None:
    queue(revision=1)
    upstream.answers.append(UNKNOWN)
    delivery.deliver(source.pk, 10)
    queue(revision=2)
    assert states() == ["waiting", "pending"]
    assert delivery.deliver(source.pk, 10) == 0


def test_only_pushes_without_effect_are_cancelled(source: Source, upstream: type[Scripted], queue: Queue) -> None:
    queue("thing:1", revision=1)
    upstream.answers.append(UNKNOWN)
    delivery.deliver(source.pk, 10)
    queue("thing:1", revision=2)
    refused = queue("thing:1", VOID)
    cancelled = services.cancel_unsent(Push.objects.filter(subject="thing:1"))
    assert [push.revision for push in cancelled] == [2, 0]
    refused.refresh_from_db()
    assert (states(), refused.reason) == (["waiting", "cancelled", "cancelled"], Reason.UNNEEDED)


def test_usage_updates_do_not_supersede_each_other(queue: Queue) -> None:
    for n in range(3):
        queue(kind=STATUS, revision=n, replaces=False)
    assert states() == ["pending"] * 3


def test_a_float_is_refused(queue: Queue) -> None:
    with pytest.raises(TypeError):
        queue(payload=WITH_FLOAT)
    assert not Push.objects.exists()


def test_a_source_without_this_kind_of_push_is_refused(queue: Queue, source: Source) -> None:
    other = SourceFactory(kind="checker", company=source.company)
    command = PushCommand(
        source=other, company=other.company, kind=COLLECT, subject="a:1", label="a", payload=payload_of(COLLECT, "a:1")
    )
    with pytest.raises(HubError) as error:
        services.queue([command], None)
    assert error.value.message.code == "push.not_possible"


@pytest.mark.parametrize("act", [services.mark_done, services.dismiss])
def test_a_decision_has_a_reason(
    source: Source, upstream: type[Scripted], queue: Queue, act: Callable[..., Push]
) -> None:
    push = queue()
    upstream.answers.append(REFUSED)
    delivery.deliver(source.pk, 10)
    with pytest.raises(HubError) as error:
        act(push, None, "  ")
    assert error.value.message.code == "push.comment_needed"
    assert act(push, None, "looked").comment == "looked"


def test_retry_alike_takes_only_pushes_with_the_same_error(
    source: Source, upstream: type[Scripted], queue: Queue
) -> None:
    for n in range(4):
        queue(f"thing:{n}")
    upstream.answers += [REFUSED, REFUSED, UNKNOWN, REFUSED]
    delivery.deliver(source.pk, 10)
    assert states() == ["needs_person", "needs_person", "waiting", "needs_person"]
    first = Push.objects.order_by("pk")[0]
    assert services.retry_alike(first, UserFactory()) == Retried(0, 0, 0)
    assert services.retry_alike(first, AdminFactory()) == Retried(3, 0, 0)
    assert states() == ["pending", "pending", "waiting", "pending"]


def test_retry_alike_takes_pushes_of_one_kind(source: Source, upstream: type[Scripted], queue: Queue) -> None:
    queue("thing:1")
    queue("thing:2", VOID)
    upstream.answers += [REFUSED, REFUSED]
    delivery.deliver(source.pk, 10)
    assert services.retry_alike(Push.objects.get(kind=VOID), AdminFactory()) == Retried(1, 0, 0)
    assert states() == ["needs_person", "pending"]


def test_retry_alike_reports_the_numbers(
    source: Source, upstream: type[Scripted], queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "MOST_AT_ONCE", 3)
    for n in range(6):
        queue(f"thing:{n}")
    upstream.answers += [REFUSED] * 6
    delivery.deliver(source.pk, 10)
    unclear = Push.objects.order_by("pk")[0]
    Push.objects.filter(pk=unclear.pk).update(outcome_unknown=True)
    person = AdminFactory()
    assert services.retry_alike(unclear, person) == Retried(sent=3, left=2, unclear=1)
    assert states() == ["needs_person"] + ["pending"] * 3 + ["needs_person"] * 2
    trail = apps.get_model("outbox", "PushDecision").objects.values_list("state", "decided_by", "outcome_unknown")
    assert list(trail) == [("pending", person.pk, False)] * 3


def test_retry_alike_has_a_query_budget(
    source: Source, upstream: type[Scripted], queue: Queue, django_assert_max_num_queries: Any
) -> None:
    for n in range(40):
        queue(f"thing:{n}")
    upstream.answers += [REFUSED] * 40
    delivery.deliver(source.pk, 10)
    person = AdminFactory()
    with django_assert_max_num_queries(16):
        services.retry_alike(Push.objects.order_by("pk")[0], person)
    assert states() == ["pending"] * 40


def test_retry_alike_closes_the_circuit(source: Source, upstream: type[Scripted], queue: Queue) -> None:
    for n in range(2):
        queue(f"thing:{n}")
    Push.objects.update(state=PushState.NEEDS_PERSON, reason=Reason.CONFIGURATION, circuit_open=True)
    other = queue("thing:9")
    services.retry_alike(Push.objects.order_by("pk")[0], AdminFactory())
    assert not Push.objects.filter(circuit_open=True).exists()
    assert delivery.deliver(source.pk, 10) == 3
    other.refresh_from_db()
    assert other.state == "done"


def test_a_settled_push_does_not_delay_its_ordering_key(source: Source, upstream: type[Scripted], queue: Queue) -> None:
    push = queue()
    upstream.answers.append(REFUSED)
    delivery.deliver(source.pk, 10)
    services.dismiss(push, None, "again")
    assert queue().pk != push.pk
    assert Push.objects.filter(state=PushState.PENDING).count() == 1


def test_a_dismissed_unknown_outcome_stays_unknown(source: Source, upstream: type[Scripted], queue: Queue) -> None:
    push = queue()
    upstream.answers.append(UNKNOWN)
    delivery.deliver(source.pk, 10)
    services.dismiss(push, None, "leave it")
    push.refresh_from_db()
    assert (push.state, push.outcome_unknown) == ("cancelled", True)


def test_every_decision_is_in_the_audit_trail(source: Source, upstream: type[Scripted], queue: Queue) -> None:
    push, person = queue(), UserFactory()
    upstream.answers += [REFUSED, REFUSED]
    for decide in (services.retry, services.retry):
        delivery.deliver(source.pk, 10)
        decide(push, person)
    services.dismiss(push, person, "given up")
    trail = apps.get_model("outbox", "PushDecision").objects.order_by("pgh_id")
    assert list(trail.values_list("state", "decided_by", "comment")) == [
        ("pending", person.pk, ""),
        ("pending", person.pk, ""),
        ("cancelled", person.pk, "given up"),
    ]

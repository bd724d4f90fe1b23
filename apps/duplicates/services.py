"""Decisions of people about cases. Every decision is journalled and can be undone.

The caller passes the ``revision`` of the case that the person saw. When the case was decided meanwhile, HubError
``duplicates.decided_meanwhile`` names who decided what, and nothing changes.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.accounts.names import name_of
from apps.core.errors import HubError
from apps.core.messages import Message, define, define_labels
from apps.invoices import merges
from apps.invoices.comparison import LABELS, stated
from apps.invoices.identity import rank
from apps.invoices.loading import merge_links
from apps.invoices.models import Invoice, SourceRecord

from .choices import UNDOABLE, Action, Kind, State
from .models import CaseDecision, DuplicateCase, NotDuplicate
from .searching import rule_version
from .selectors import undoable

MOST_AT_ONCE = 500

define(
    {
        "duplicates.decided_meanwhile": _(
            "Nothing was changed: %(who)s was faster and %(what)s, %(when)s. Look at the case as it is now."
        ),
        "duplicates.changed_meanwhile": _(
            "Nothing was changed: the case has other invoices or evidence than the page you saw. Look at it again."
        ),
        "duplicates.not_in_case": _("The invoice that shall stay is not part of this case."),
        "duplicates.no_claim": _("Only an invoice that was claimed twice can be confirmed."),
        "duplicates.no_suspect": _("One invoice that was claimed twice cannot be merged with itself."),
        "duplicates.undo_later_first": _(
            "These invoices were merged further after this decision. Undo the later merge first."
        ),
        "duplicates.nothing_to_undo": _("This decision was undone already, or is a comment."),
        "duplicates.too_many": _("That are more than %(most)s cases. Narrow the filter and decide in parts."),
    }
)
define_labels("duplicates.action", Action)


@dataclass(frozen=True)
class BulkResult:
    """Result of a decision about many cases: how many were decided, and why the others were not."""

    batch: uuid.UUID
    decided: int
    skipped: Sequence[str]


@transaction.atomic
def merge(
    case: DuplicateCase,
    master: Invoice,
    user: User,
    text: str = "",
    revision: int | None = None,
    batch: uuid.UUID | None = None,
) -> CaseDecision:
    """Merge the invoices of the case, which are one document: the others redirect to ``master``."""
    locked = _locked(case, revision)
    if locked.kind != Kind.SUSPECT:
        raise HubError("duplicates.no_suspect")
    keys = {member.invoice_id: member.invoice.key for member in locked.members.select_related("invoice")}
    if master.pk not in keys:
        raise HubError("duplicates.not_in_case")
    master_key = keys.pop(master.pk)
    before = merges.join(sorted(keys.values()), master_key, user)
    journal = {"master": master_key, "redirects": sorted(keys.values()), "before": before}
    return _decide(locked, State.MERGED, Action.MERGE, user, text, journal, batch, master)


@transaction.atomic
def dismiss(
    case: DuplicateCase, user: User, text: str = "", revision: int | None = None, batch: uuid.UUID | None = None
) -> CaseDecision:
    """Dismiss the case: not a duplicate. Stored pair by pair, so that no re-import opens the case again."""
    locked = _locked(case, revision)
    keys = sorted(locked.members.values_list("key", flat=True))
    NotDuplicate.objects.bulk_create(
        [NotDuplicate(left_key=left, right_key=right, case=locked) for left, right in combinations(keys, 2)],
        ignore_conflicts=True,
    )
    return _decide(locked, State.DISMISSED, Action.DISMISS, user, text, {}, batch)


@transaction.atomic
def confirm(
    case: DuplicateCase, user: User, text: str = "", revision: int | None = None, batch: uuid.UUID | None = None
) -> CaseDecision:
    """Confirm the double claim."""
    locked = _locked(case, revision)
    if locked.kind != Kind.CLAIM:
        raise HubError("duplicates.no_claim")
    return _decide(locked, State.CONFIRMED, Action.CONFIRM, user, text, {}, batch)


@transaction.atomic
def assign(
    case: DuplicateCase, to: User | None, user: User, text: str = "", revision: int | None = None
) -> CaseDecision:
    """Assign the case to a person; None: to nobody."""
    locked = _locked(case, revision)
    locked.assigned_to, locked.revision, locked.changed_at = to, locked.revision + 1, timezone.now()
    locked.save(update_fields=["assigned_to", "revision", "changed_at"])
    journal = {"to": name_of(to)}
    return CaseDecision.objects.create(
        case=locked, action=Action.ASSIGN, user=user, text=text[:500], journal=journal, rule_version=rule_version()
    )


@transaction.atomic
def comment(case: DuplicateCase, user: User, text: str) -> CaseDecision:
    """Comment on a case, open or decided. Moves the case in feeds, but keeps its revision."""
    DuplicateCase.objects.filter(pk=case.pk).update(changed_at=timezone.now())
    return CaseDecision.objects.create(
        case=case, action=Action.COMMENT, user=user, text=text[:500], rule_version=rule_version()
    )


@transaction.atomic
def undo(decision: CaseDecision, user: User) -> DuplicateCase:
    """Undo a decision: the ledger is exactly as before it, and the case is open again. Raises HubError."""
    case = DuplicateCase.objects.select_for_update().get(pk=decision.case_id)
    decision = CaseDecision.objects.select_for_update().get(pk=decision.pk)
    newer = case.decisions.filter(pk__gt=decision.pk, action__in=UNDOABLE, undone_at=None).exists()
    if decision.action not in UNDOABLE or decision.undone_at is not None or newer:
        raise HubError("duplicates.nothing_to_undo")
    if decision.action == Action.MERGE:
        journal = decision.journal
        touched = [journal["master"], *journal["redirects"]]
        if merge_links(touched) != merges.links_after(journal["redirects"], journal["master"], journal["before"]):
            raise HubError("duplicates.undo_later_first")
        merges.restore(journal["before"], touched, user)
    NotDuplicate.objects.filter(case=case).delete()
    decision.undone_at, decision.undone_by = timezone.now(), user
    decision.save(update_fields=["undone_at", "undone_by"])
    case.state, case.decided_at, case.decided_by, case.master = State.OPEN, None, None, None
    case.revision, case.changed_at = case.revision + 1, timezone.now()
    case.save()
    return case


@transaction.atomic
def decide_many(cases: Sequence[DuplicateCase], action: str, user: User, text: str) -> BulkResult:
    """Decide many cases at once: merge, confirm or dismiss; ``undo_batch`` undoes all of it. Merges keep
    ``best_master``. Cases that the decision does not fit are skipped and named."""
    if len(cases) > MOST_AT_ONCE:
        raise HubError("duplicates.too_many", most=MOST_AT_ONCE)
    batch, skipped = uuid.uuid4(), []
    for case in cases:
        try:
            if action == Action.MERGE:
                merge(case, best_master(case), user, text, batch=batch)
            else:
                {Action.CONFIRM: confirm, Action.DISMISS: dismiss}[Action(action)](case, user, text, batch=batch)
        except HubError as error:
            skipped.append(f"{case}: {error}")
    return BulkResult(batch, len(cases) - len(skipped), skipped)


@transaction.atomic
def undo_batch(batch: uuid.UUID, user: User) -> int:
    """Undo the decisions of a batch that are in force and that this person may undo, the last first; returns their
    number."""
    decisions = list(undoable(user).filter(batch=batch))
    for decision in decisions:
        undo(decision, user)
    return len(decisions)


@dataclass(frozen=True)
class MergePreview:
    """Result of a merge: the master's values by field, the fields filled from redirects, the number of source records
    that move."""

    values: Mapping[str, str]
    filled: frozenset[str]
    moved: int


def preview_merge(case: DuplicateCase, master_id: int) -> MergePreview:
    """Merge, read the result and roll back, so that the preview is computed by the ledger itself."""
    master = Invoice.objects.filter(cases__case=case, pk=master_id).first() or best_master(case)
    before = {name: stated(master, name) for name in LABELS}
    redirects = [
        member.invoice.key for member in case.members.select_related("invoice") if member.invoice_id != master.pk
    ]
    moved = SourceRecord.objects.filter(invoice__cases__case=case).exclude(invoice=master).count()
    with transaction.atomic():
        merges.join(redirects, master.key, None)
        merged = Invoice.objects.select_related("buyer", "seller").get(pk=master.pk)
        after = {name: stated(merged, name) for name in LABELS}
        transaction.set_rollback(True)
    return MergePreview(after, frozenset(name for name in LABELS if after[name] != before[name]), moved)


def best_master(case: DuplicateCase) -> Invoice:
    """The invoice with the most reliable number: the strongest sort of key, then known to the tax bureau, then in most
    sources. Of a paper ticket and an e-ticket for one journey that is the e-ticket, which gives a deduction."""

    def trust(invoice: Invoice) -> tuple[int, bool, int, int]:
        kinds = {source_record.source.kind for source_record in invoice.source_records.all()}
        return rank(invoice.key), "etax" not in kinds, -len(invoice.source_ids), invoice.pk

    members = Invoice.objects.filter(cases__case=case).prefetch_related("source_records__source")
    return min(members, key=trust)


def _locked(case: DuplicateCase, revision: int | None) -> DuplicateCase:
    """The open case, locked. Raises HubError when it was decided, or changed since ``revision`` (None: any)."""
    locked = DuplicateCase.objects.select_for_update().get(pk=case.pk)
    if locked.state != State.OPEN:
        last = locked.decisions.filter(undone_at=None, action__in=UNDOABLE).select_related("user").last()
        if last is None:
            raise HubError("duplicates.changed_meanwhile")
        raise HubError(
            "duplicates.decided_meanwhile",
            who=name_of(last.user) or "—",
            what=Message(f"duplicates.action.{last.action}"),
            when=f"{timezone.localtime(last.at):%Y-%m-%d %H:%M}",
        )
    if revision is not None and locked.revision != revision:
        raise HubError("duplicates.changed_meanwhile")
    return locked


def _decide(
    case: DuplicateCase,
    state: State,
    action: Action,
    user: User,
    text: str,
    journal: Mapping[str, object],
    batch: uuid.UUID | None,
    master: Invoice | None = None,
) -> CaseDecision:
    case.state, case.master = state, master
    case.decided_at = case.changed_at = timezone.now()
    case.decided_by, case.revision = user, case.revision + 1
    case.save()
    return CaseDecision.objects.create(
        case=case,
        action=action,
        user=user,
        text=text[:500],
        journal=dict(journal),
        batch=batch,
        rule_version=case.rule_version,
    )

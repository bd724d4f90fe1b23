"""What people decide about cases. Every decision is journalled and can be undone.

Who decides says which ``revision`` of the case he saw: when somebody was faster, HubError
``duplicates.decided_meanwhile`` says who did what, and nothing happens.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.errors import HubError
from apps.core.messages import define
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


@dataclass(frozen=True)
class BulkResult:
    """What a decision about many cases did (or would do): cases decided, and why others were not."""

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
    """The invoices of the case are one document; ``master`` stays, the others become its copies."""
    held = _held(case, revision)
    if held.kind != Kind.SUSPECT:
        raise HubError("duplicates.no_suspect")
    keys = {member.invoice_id: member.invoice.key for member in held.members.select_related("invoice")}
    if master.pk not in keys:
        raise HubError("duplicates.not_in_case")
    stays = keys.pop(master.pk)
    before = merges.join(sorted(keys.values()), stays, user)
    journal = {"master": stays, "copies": sorted(keys.values()), "before": before}
    return _decide(held, State.MERGED, Action.MERGE, user, text, journal, batch, master)


@transaction.atomic
def dismiss(
    case: DuplicateCase, user: User, text: str = "", revision: int | None = None, batch: uuid.UUID | None = None
) -> CaseDecision:
    """Not a duplicate. Remembered pair by pair, so that no re-import brings the case back."""
    held = _held(case, revision)
    keys = sorted(held.members.values_list("key", flat=True))
    NotDuplicate.objects.bulk_create(
        [NotDuplicate(left_key=left, right_key=right, case=held) for left, right in combinations(keys, 2)],
        ignore_conflicts=True,
    )
    return _decide(held, State.DISMISSED, Action.DISMISS, user, text, {}, batch)


@transaction.atomic
def confirm(
    case: DuplicateCase, user: User, text: str = "", revision: int | None = None, batch: uuid.UUID | None = None
) -> CaseDecision:
    """The invoice really was claimed twice."""
    held = _held(case, revision)
    if held.kind != Kind.CLAIM:
        raise HubError("duplicates.no_claim")
    return _decide(held, State.CONFIRMED, Action.CONFIRM, user, text, {}, batch)


@transaction.atomic
def assign(
    case: DuplicateCase, to: User | None, user: User, text: str = "", revision: int | None = None
) -> CaseDecision:
    """Ask somebody (None: nobody any more) to look at the case."""
    held = _held(case, revision)
    held.assigned_to, held.revision, held.changed_at = to, held.revision + 1, timezone.now()
    held.save(update_fields=["assigned_to", "revision", "changed_at"])
    journal = {"to": to.get_username() if to else ""}
    return CaseDecision.objects.create(
        case=held, action=Action.ASSIGN, user=user, text=text[:500], journal=journal, rule_version=rule_version()
    )


@transaction.atomic
def comment(case: DuplicateCase, user: User, text: str) -> CaseDecision:
    """Say something about a case, open or decided. It is news of the case, but no other version of it."""
    DuplicateCase.objects.filter(pk=case.pk).update(changed_at=timezone.now())
    return CaseDecision.objects.create(
        case=case, action=Action.COMMENT, user=user, text=text[:500], rule_version=rule_version()
    )


@transaction.atomic
def undo(decision: CaseDecision, user: User) -> DuplicateCase:
    """Take a decision back: the ledger and the case are exactly as before it, and the case is open again."""
    case = DuplicateCase.objects.select_for_update().get(pk=decision.case_id)
    decision = CaseDecision.objects.select_for_update().get(pk=decision.pk)
    newer = case.decisions.filter(pk__gt=decision.pk, action__in=UNDOABLE, undone_at=None).exists()
    if decision.action not in UNDOABLE or decision.undone_at is not None or newer:
        raise HubError("duplicates.nothing_to_undo")
    if decision.action == Action.MERGE:
        journal = decision.journal
        touched = [journal["master"], *journal["copies"]]
        if merge_links(touched) != merges.links_after(journal["copies"], journal["master"], journal["before"]):
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
    """Decide many cases at once: merge, confirm or dismiss; ``undo_batch`` takes all of it back. Merges keep
    ``best_master``. Cases for which the decision does not fit are skipped and named."""
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
    """Take back what still stands of a batch and this person may undo, the last decision first; how many that were."""
    standing = list(undoable(user).filter(batch=batch))
    for decision in standing:
        undo(decision, user)
    return len(standing)


@dataclass(frozen=True)
class MergePreview:
    """What a merge will make: the master's values by field, those taken from copies, and how many records move."""

    values: Mapping[str, str]
    filled: frozenset[str]
    moved: int


def preview_merge(case: DuplicateCase, master_id: int) -> MergePreview:
    """Try the merge and roll it back: what is shown is what the ledger itself would make."""
    master = Invoice.objects.filter(cases__case=case, pk=master_id).first() or best_master(case)
    before = {name: stated(master, name) for name in LABELS}
    copies = [member.invoice.key for member in case.members.select_related("invoice") if member.invoice_id != master.pk]
    moved = SourceRecord.objects.filter(invoice__cases__case=case).exclude(invoice=master).count()
    with transaction.atomic():
        merges.join(copies, master.key, None)
        merged = Invoice.objects.select_related("buyer", "seller").get(pk=master.pk)
        after = {name: stated(merged, name) for name in LABELS}
        transaction.set_rollback(True)
    return MergePreview(after, frozenset(name for name in LABELS if after[name] != before[name]), moved)


def best_master(case: DuplicateCase) -> Invoice:
    """The invoice whose number is most to be trusted: the strongest sort of key, known to the tax bureau, to most
    systems. Of a journey on two papers that is the e-ticket, the one that gives a deduction."""

    def trust(invoice: Invoice) -> tuple[int, bool, int, int]:
        kinds = {source_record.source.kind for source_record in invoice.source_records.all()}
        return rank(invoice.key), "etax" not in kinds, -len(invoice.source_ids), invoice.pk

    members = Invoice.objects.filter(cases__case=case).prefetch_related("source_records__source")
    return min(members, key=trust)


def _held(case: DuplicateCase, revision: int | None) -> DuplicateCase:
    held = DuplicateCase.objects.select_for_update().get(pk=case.pk)
    if held.state != State.OPEN:
        last = held.decisions.filter(undone_at=None, action__in=UNDOABLE).select_related("user").last()
        if last is None:
            raise HubError("duplicates.changed_meanwhile")
        raise HubError(
            "duplicates.decided_meanwhile",
            who=last.user.get_username() if last.user else "—",
            what=str(last.get_action_display()),
            when=f"{timezone.localtime(last.at):%Y-%m-%d %H:%M}",
        )
    if revision is not None and held.revision != revision:
        raise HubError("duplicates.changed_meanwhile")
    return held


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

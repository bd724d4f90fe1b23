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
from apps.invoices import joining
from apps.invoices.comparison import LABELS, stated
from apps.invoices.identity import rank
from apps.invoices.models import Invoice, Sighting
from apps.invoices.seats import words_about

from .choices import UNDOABLE, Action, Kind, State
from .models import Case, Decision, NotDuplicate
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
    case: Case,
    survivor: Invoice,
    user: User,
    text: str = "",
    revision: int | None = None,
    batch: uuid.UUID | None = None,
) -> Decision:
    """The invoices of the case are one document; ``survivor`` stays, the others become its copies."""
    held = _held(case, revision)
    if held.kind != Kind.SUSPECT:
        raise HubError("duplicates.no_suspect")
    keys = {member.invoice_id: member.invoice.key for member in held.members.select_related("invoice")}
    if survivor.pk not in keys:
        raise HubError("duplicates.not_in_case")
    stays = keys.pop(survivor.pk)
    before = joining.join(sorted(keys.values()), stays, user)
    journal = {"survivor": stays, "copies": sorted(keys.values()), "before": before}
    return _decide(held, State.MERGED, Action.MERGE, user, text, journal, batch, survivor)


@transaction.atomic
def dismiss(
    case: Case, user: User, text: str = "", revision: int | None = None, batch: uuid.UUID | None = None
) -> Decision:
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
    case: Case, user: User, text: str = "", revision: int | None = None, batch: uuid.UUID | None = None
) -> Decision:
    """The invoice really was claimed twice."""
    held = _held(case, revision)
    if held.kind != Kind.CLAIM:
        raise HubError("duplicates.no_claim")
    return _decide(held, State.CONFIRMED, Action.CONFIRM, user, text, {}, batch)


@transaction.atomic
def assign(case: Case, to: User | None, user: User, text: str = "", revision: int | None = None) -> Decision:
    """Ask somebody (None: nobody any more) to look at the case."""
    held = _held(case, revision)
    held.assigned_to, held.revision, held.changed_at = to, held.revision + 1, timezone.now()
    held.save(update_fields=["assigned_to", "revision", "changed_at"])
    journal = {"to": to.get_username() if to else ""}
    return Decision.objects.create(
        case=held, action=Action.ASSIGN, user=user, text=text[:500], journal=journal, rule_version=rule_version()
    )


@transaction.atomic
def comment(case: Case, user: User, text: str) -> Decision:
    """Say something about a case, open or decided. It is news of the case, but no other version of it."""
    Case.objects.filter(pk=case.pk).update(changed_at=timezone.now())
    return Decision.objects.create(
        case=case, action=Action.COMMENT, user=user, text=text[:500], rule_version=rule_version()
    )


@transaction.atomic
def undo(decision: Decision, user: User) -> Case:
    """Take a decision back: the ledger and the case are exactly as before it, and the case is open again."""
    case = Case.objects.select_for_update().get(pk=decision.case_id)
    decision = Decision.objects.select_for_update().get(pk=decision.pk)
    newer = case.decisions.filter(pk__gt=decision.pk, action__in=UNDOABLE, undone_at=None).exists()
    if decision.action not in UNDOABLE or decision.undone_at is not None or newer:
        raise HubError("duplicates.nothing_to_undo")
    if decision.action == Action.MERGE:
        journal = decision.journal
        touched = [journal["survivor"], *journal["copies"]]
        if words_about(touched) != joining.words_after(journal["copies"], journal["survivor"], journal["before"]):
            raise HubError("duplicates.undo_later_first")
        joining.restore(journal["before"], touched, user)
    NotDuplicate.objects.filter(case=case).delete()
    decision.undone_at, decision.undone_by = timezone.now(), user
    decision.save(update_fields=["undone_at", "undone_by"])
    case.state, case.decided_at, case.decided_by, case.survivor = State.OPEN, None, None, None
    case.revision, case.changed_at = case.revision + 1, timezone.now()
    case.save()
    return case


@transaction.atomic
def decide_many(cases: Sequence[Case], action: str, user: User, text: str) -> BulkResult:
    """Decide many cases at once: merge, confirm or dismiss; ``undo_batch`` takes all of it back. Merges keep
    ``best_survivor``. Cases for which the decision does not fit are skipped and named."""
    if len(cases) > MOST_AT_ONCE:
        raise HubError("duplicates.too_many", most=MOST_AT_ONCE)
    batch, skipped = uuid.uuid4(), []
    for case in cases:
        try:
            if action == Action.MERGE:
                merge(case, best_survivor(case), user, text, batch=batch)
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
    """What a merge will make: the survivor's values by field, those taken from copies, and how many records move."""

    values: Mapping[str, str]
    filled: frozenset[str]
    moved: int


def preview_merge(case: Case, survivor_id: int) -> MergePreview:
    """Try the merge and roll it back: what is shown is what the ledger itself would make."""
    survivor = Invoice.objects.filter(cases__case=case, pk=survivor_id).first() or best_survivor(case)
    before = {name: stated(survivor, name) for name in LABELS}
    copies = [
        member.invoice.key for member in case.members.select_related("invoice") if member.invoice_id != survivor.pk
    ]
    moved = Sighting.objects.filter(invoice__cases__case=case).exclude(invoice=survivor).count()
    with transaction.atomic():
        joining.join(copies, survivor.key, None)
        merged = Invoice.objects.select_related("buyer", "seller").get(pk=survivor.pk)
        after = {name: stated(merged, name) for name in LABELS}
        transaction.set_rollback(True)
    return MergePreview(after, frozenset(name for name in LABELS if after[name] != before[name]), moved)


def best_survivor(case: Case) -> Invoice:
    """The invoice whose number is most to be trusted: the strongest sort of key, known to the tax bureau, to most
    systems. Of a journey on two papers that is the e-ticket, the one that gives a deduction."""

    def trust(invoice: Invoice) -> tuple[int, bool, int, int]:
        kinds = {sighting.source.kind for sighting in invoice.sightings.all()}
        return rank(invoice.key), "etax" not in kinds, -len(invoice.source_ids), invoice.pk

    members = Invoice.objects.filter(cases__case=case).prefetch_related("sightings__source")
    return min(members, key=trust)


def _held(case: Case, revision: int | None) -> Case:
    held = Case.objects.select_for_update().get(pk=case.pk)
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
    case: Case,
    state: State,
    action: Action,
    user: User,
    text: str,
    journal: Mapping[str, object],
    batch: uuid.UUID | None,
    survivor: Invoice | None = None,
) -> Decision:
    case.state, case.survivor = state, survivor
    case.decided_at = case.changed_at = timezone.now()
    case.decided_by, case.revision = user, case.revision + 1
    case.save()
    return Decision.objects.create(
        case=case,
        action=action,
        user=user,
        text=text[:500],
        journal=dict(journal),
        batch=batch,
        rule_version=case.rule_version,
    )

"""The five built-in roles and the permissions each of them has: one table for all apps.

``apply`` runs after every ``migrate`` and adds what the table names; it takes nothing away. Whoever wants a role with
fewer permissions makes a role of their own in the admin: that one is left alone.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.apps import apps

VIEWER, ACCOUNTANT, REVIEWER, FINANCE_MANAGER, ADMINISTRATOR = ROLES = (
    "viewer",
    "accountant",
    "reviewer",
    "finance manager",
    "administrator",
)

# App → role → codenames. A role also has what the roles named before it in ROLES have. Apps are named by label, so this
# module imports none of those above it.
PERMISSIONS: Mapping[str, Mapping[str, Sequence[str]]] = {
    "accounts": {
        VIEWER: ["view_company"],
        FINANCE_MANAGER: ["view_dutypolicy", "view_approvallimit"],
        ADMINISTRATOR: [
            "add_company",
            "change_company",
            "delete_company",
            "add_user",
            "change_user",
            "view_user",
            "add_dutypolicy",
            "change_dutypolicy",
            "delete_dutypolicy",
            "add_approvallimit",
            "change_approvallimit",
            "delete_approvallimit",
        ],
    },
    "sources": {
        VIEWER: ["view_source", "view_syncrun", "view_quarantinedrecord"],
        ACCOUNTANT: ["sync_source", "retry_quarantinedrecord"],
        ADMINISTRATOR: ["add_source", "change_source", "delete_source", "view_rawrecord"],
    },
    "invoices": {
        VIEWER: ["view_invoice", "view_invoiceline", "view_sourcerecord", "view_party", "view_fieldconflict"],
        ACCOUNTANT: ["settle_fieldconflict"],
    },
    "duplicates": {
        VIEWER: ["view_duplicatecase", "view_casedecision", "view_searchrun"],
        REVIEWER: ["decide_duplicatecase"],
        FINANCE_MANAGER: ["undo_duplicatecase"],
        ADMINISTRATOR: ["view_rulesetting", "add_rulesetting", "change_rulesetting", "delete_rulesetting"],
    },
    "outbox": {
        VIEWER: ["view_push", "view_pushattempt"],
        ACCOUNTANT: ["settle_push"],
    },
    "bills": {
        VIEWER: ["view_bill", "view_billline", "view_billinvoice"],
        ACCOUNTANT: ["add_bill", "change_bill", "submit_bill"],
        REVIEWER: ["approve_bill", "override_check", "view_complianceoverride"],
        FINANCE_MANAGER: [
            "book_bill",
            "override_duplicate",
            "view_reservationpolicy",
            "view_checksetting",
            "view_costtype",
            "change_costtype",
            "view_traveltaxrule",
            "change_traveltaxrule",
        ],
        ADMINISTRATOR: [
            "add_reservationpolicy",
            "change_reservationpolicy",
            "delete_reservationpolicy",
            "add_checksetting",
            "change_checksetting",
            "delete_checksetting",
            "add_costtype",
            "delete_costtype",
            "add_traveltaxrule",
            "delete_traveltaxrule",
            "view_assistantsession",
            "view_assistantmessage",
        ],
    },
    "vouchers": {
        VIEWER: [
            "view_account",
            "view_accountbook",
            "view_accountmapping",
            "view_closedperiod",
            "view_closingrequest",
            "view_dimensionitem",
            "view_finding",
            "view_voucher",
            "view_voucherbill",
            "view_voucherentry",
            "view_voucherinvoice",
            "view_vouchertemplate",
        ],
        ACCOUNTANT: [
            "acknowledge_finding",
            "add_closingrequest",
            "add_voucher",
            "add_voucherbill",
            "add_voucherentry",
            "add_voucherinvoice",
            "add_vouchertemplate",
            "change_voucher",
            "change_voucherentry",
            "change_voucherinvoice",
            "change_vouchertemplate",
            "collect_voucher",
            "delete_closingrequest",
            "delete_voucher",
            "delete_voucherbill",
            "delete_voucherentry",
            "delete_voucherinvoice",
            "delete_vouchertemplate",
            "void_voucher",
        ],
        REVIEWER: ["audit_voucher"],
        FINANCE_MANAGER: [
            "add_account",
            "add_accountbook",
            "add_accountmapping",
            "add_closedperiod",
            "add_dimensionitem",
            "change_account",
            "change_accountbook",
            "change_accountmapping",
            "change_dimensionitem",
            "delete_account",
            "delete_accountmapping",
            "delete_closedperiod",
            "delete_dimensionitem",
        ],
        ADMINISTRATOR: ["delete_accountbook"],
    },
}


def apply(sender: Any, using: str = "default", **_options: Any) -> None:
    """Create the roles and give them the permissions of one app: a receiver of ``post_migrate``.

    Raises LookupError when the table names a permission that the app does not have.
    """
    if sender.label not in PERMISSIONS:
        return
    from django.contrib.auth.management import create_permissions
    from django.contrib.auth.models import Permission

    # Those of the models as they are: migrations know neither labels nor permissions of their own.
    create_permissions(apps.get_app_config(sender.label), verbosity=0, using=using)
    permissions = dict(
        Permission.objects.using(using).filter(content_type__app_label=sender.label).values_list("codename", "pk")
    )
    groups = _groups(using)
    gathered: list[str] = []
    for role in ROLES:
        gathered += PERMISSIONS[sender.label].get(role, ())
        missing = set(gathered) - permissions.keys()
        if missing:
            raise LookupError(f"{sender.label} has no permissions {sorted(missing)}")
        groups[role].permissions.add(*(permissions[codename] for codename in gathered))


def _groups(using: str) -> dict[str, Any]:
    from django.contrib.auth.models import Group

    manager = Group.objects.using(using)
    manager.bulk_create([Group(name=name) for name in ROLES], ignore_conflicts=True)
    return {group.name: group for group in manager.filter(name__in=ROLES)}

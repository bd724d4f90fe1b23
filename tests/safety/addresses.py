"""All addresses of the product, read from its URL resolver, with sample values for their parameters.

A new page, endpoint or admin page is included by itself when its parameters are in ``PLACES`` or its model is in
``OF_MODEL``; otherwise ``filled`` fails and asks for a sample.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import get_resolver
from django.urls.resolvers import RegexPattern, URLPattern, URLResolver

from .world import World

# Prefix of a route → the sample row for each of its parameters. The longest prefix wins.
PLACES: Mapping[str, Mapping[str, str]] = {
    "account-books/": {"pk": "charted"},
    "accounts/": {"pk": "account"},
    "dimension-items/": {"pk": "dimension_item"},
    "findings/": {"pk": "finding"},
    "bills/": {"pk": "bill", "line_id": "line", "bill_invoice_id": "bill_invoice", "override_id": "override"},
    "bills/messages/": {"pk": "message"},
    "conflicts/": {"pk": "conflict"},
    "duplicates/": {"pk": "case"},
    "duplicates/many/": {"batch": "decision.batch"},
    "invoices/": {"pk": "invoice", "source_record": "source_record"},
    "pulls/": {"pk": "run"},
    "pushes/": {"pk": "push"},
    "quarantine/": {"pk": "quarantined"},
    "sources/": {"pk": "source"},
    "vouchers/": {"pk": "voucher"},
    "vouchers/import/": {"pk": "import"},
    "vouchers/templates/": {"pk": "template"},
    "vouchers/periods/": {"book": "book", "period": "period.period"},
    "account/tokens/": {"token_key": "token.token_key"},
    "api/v1/bills/": {"bill": "bill", "pk": "bill"},
    "admin/": {"content_type_id": "content_type", "object_id": "bill"},
}
# Model → sample row, for REST (the viewset's model) and the admin (the page's model).
OF_MODEL: Mapping[str, str] = {
    "accounts.approvallimit": "limit",
    "accounts.company": "company",
    "accounts.dutypolicy": "duty",
    "accounts.user": "person",
    "auth.group": "group",
    "bills.assistantmessage": "message",
    "bills.assistantsession": "session",
    "bills.bill": "bill",
    "bills.checksetting": "check",
    "bills.costtype": "cost_type",
    "bills.reservationpolicy": "policy",
    "bills.traveltaxrule": "travel_rule",
    "duplicates.duplicatecase": "case",
    "duplicates.rulesetting": "rule",
    "duplicates.searchrun": "search",
    "invoices.invoice": "invoice",
    "invoices.sourcerecord": "source_record",
    "knox.authtoken": "token",
    "mfa.authenticator": "second_step",
    "outbox.push": "push",
    "sources.quarantinedrecord": "quarantined",
    "sources.rawrecord": "raw",
    "sources.source": "source",
    "sources.syncrun": "run",
    "vouchers.account": "account",
    "vouchers.accountbook": "book",
    "vouchers.closedperiod": "period",
    "vouchers.closingrequest": "closing",
    "vouchers.dimensionitem": "dimension_item",
    "vouchers.finding": "finding",
    "vouchers.voucher": "voucher",
    "vouchers.vouchertemplate": "template",
}
# Addresses of libraries about the logged-in person; their parameters are no rows of ours.
ODD: Mapping[str, str] = {
    "account/confirm-email/(key)/": "account/confirm-email/none/",
    "account/password/reset/key/(uidb36)-(key)/": "account/password/reset/key/1-none/",
    "admin/(url)": "admin/no-such-page",
    "admin/(app_label)/": "admin/bills/",
}
STEPS = ("submit", "approve", "book", "reject", "withdraw", "unapprove", "unbook", "discard", "reopen")


@dataclass(frozen=True)
class Address:
    """``route`` with its parameters in round brackets, such as ``bills/(pk)/edit/``."""

    route: str
    name: str
    view: Any

    @property
    def places(self) -> list[str]:
        return re.findall(r"\((\w+)\)", self.route)

    @property
    def methods(self) -> frozenset[str]:
        """HTTP methods in upper case; GET and POST for a plain view, which does not declare them."""
        actions = getattr(self.view, "actions", None)
        named = frozenset(map(str.upper, actions)) if actions else frozenset({"GET", "POST"})
        return named - {"HEAD"}  # REST framework adds it to a view after its first request

    @property
    def model(self) -> str:
        """The model of a viewset or an admin page; '' for others."""
        viewset = getattr(self.view, "cls", None)
        if viewset is not None and getattr(viewset, "queryset", None) is not None:
            return str(viewset.queryset.model._meta.label_lower)
        admin_page = re.match(r"admin/(\w+)/(\w+)/", self.route)
        return f"{admin_page[1]}.{admin_page[2]}" if admin_page else ""

    @property
    def in_admin(self) -> bool:
        return self.route.startswith("admin/")

    @property
    def in_api(self) -> bool:
        return self.route.startswith("api/v1/")

    def filled(self, world: World) -> str:
        """The address of a sample row, with a leading slash. Fails for a parameter without a sample."""
        if self.route in ODD:
            return f"/{ODD[self.route]}"
        address = self.route
        for place in self.places:
            address = address.replace(f"({place})", str(self._sample(place, world)), 1)
        return f"/{address}"

    def _sample(self, place: str, world: World) -> Any:
        named = {} if self.in_admin and self.model else self._named()
        row = named.get(place) or (place in ("pk", "object_id", "id") and OF_MODEL.get(self.model))
        if place == "action":
            return STEPS[0]
        assert row, f"{self.route}: say in {__name__} which row of the sample world {place!r} stands for"
        name, _, attribute = row.partition(".")
        assert name in world, f"{self.route}: the sample world has no {name!r}, make one in {__package__}.world"
        return getattr(world[name], attribute or "pk")

    def _named(self) -> Mapping[str, str]:
        fitting = [beginning for beginning in PLACES if self.route.startswith(beginning)]
        rows: dict[str, str] = {}
        for beginning in sorted(fitting, key=len):
            rows |= PLACES[beginning]
        return rows


def addresses() -> list[Address]:
    """All addresses, each once."""
    by_route = {address.route: address for address in _walk(get_resolver(), "", "")}
    return sorted(by_route.values(), key=lambda address: address.route)


def _walk(resolver: URLResolver, before: str, space: str) -> Iterator[Address]:
    for pattern in resolver.url_patterns:
        route = before + _plain(pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern, route, pattern.namespace or space)
        else:
            yield Address(route, f"{space}:{pattern.name}" if space else str(pattern.name), pattern.callback)


def _plain(pattern: URLPattern | URLResolver) -> str:
    text = str(pattern.pattern)
    if isinstance(pattern.pattern, RegexPattern):
        text = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"(\1)", text)
        return text.lstrip("^").replace("\\Z", "").rstrip("$").replace("\\.", ".")
    return re.sub(r"<(?:\w+:)?(\w+)>", r"(\1)", text)

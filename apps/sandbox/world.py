"""The synthetic world: all true invoices, the systems that record each, their order there, and changes over time.

Deterministic by (seed, invoices, today). Rows are computed on demand from the true invoices (``apps.sandbox.rows``), so
that a world of 100 000 invoices stays small; the lists here are sorted once and bisected by the servers.
"""

import hashlib
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from apps.sandbox.rows import checker, etax, maycur, messages, piaozone, shopex
from apps.sandbox.truth.copies import copies
from apps.sandbox.truth.invoices import DECK, HISTORY_DAYS, SHANGHAI, Invoice, Maker, dice, epoch, yuan

SYSTEMS = ("checker", "shopex", "etax", "maycur", "piaozone")
WALLET_SIZE = 500
_ON_FORMS = ("vat_special_paper", "vat_general_paper")
DATED_BY_TICKING = frozenset({"11", "15", "17"})
Dated = tuple[int, int, Invoice]  # sort value, index (unique), invoice


class World:
    """All invoices and the lists of each system. ``crowd``: number of checker records within one second; ``version``
    rises with every change."""

    def __init__(self, invoices: int = 400, seed: int = 1, today: date | None = None, crowd: int = 0) -> None:
        self.seed, self.crowd = seed, crowd
        self.today = today or datetime.now(SHANGHAI).date()
        self.start = self.today - timedelta(days=HISTORY_DAYS + 5)
        self.maker = Maker(seed, invoices, self.today)
        self.invoices = [self.maker.make(index) for index in range(invoices)]
        self._pair_red_with_blue()
        self._delete_some()
        self._board_twice()
        self._in_wallet: dict[int, Invoice] = {}
        self.broken = list(self._broken(invoices))
        self.copies = list(copies(self.invoices, seed))
        self.changed: dict[int, int] = {}  # index → last change in the checker and in the shop
        self.messages: dict[str, list[dict[str, Any]]] = {}  # linkKey → live messages, oldest first
        self.version = 0
        self._file_into_forms_and_bills()
        self._feed_one_form_askew()
        self._crowd_one_second()
        self._index()

    def _pair_red_with_blue(self) -> None:
        """Let each red invoice reverse the one a cycle of kinds earlier, which is of the same sort."""
        for red in self.invoices:
            if red.status != "red" or red.total >= 0:
                continue
            red.status = "normal"
            if red.index < DECK:
                red.remark = "被红冲发票不在本期"
                continue
            blue = self.invoices[red.index - DECK]
            if blue.total < 0 or blue.status != "normal":
                continue
            blue.status = "fully_red"
            red.amount, red.tax, red.total = -blue.amount, -blue.tax, -blue.total
            red.seller, red.buyer, red.goods = blue.seller, blue.buyer, blue.goods
            red.issued, red.seen = max(red.issued, blue.issued), max(red.seen, blue.seen)
            if red.ticked:
                red.ticked = max(red.ticked, red.issued)
            red.remark = f"被红冲蓝字发票号码:{blue.digital or blue.number}"

    def _delete_some(self) -> None:
        """Delete some entries before the first pull."""
        for invoice in self.invoices:
            invoice.deleted = "checker" in invoice.systems and dice(self.seed, "thrown away", invoice.index, 50) == 0

    def _board_twice(self) -> None:
        """Add a few journeys that were claimed with a paper ticket and with an e-ticket."""
        for paper, electronic in (("train_paper", "digital_rail"), ("air_paper", "digital_air")):
            journeys = (i for i in self.invoices if i.kind == electronic)
            for ticket in [i for i in self.invoices if i.kind == paper][::3]:
                twin = next(journeys, None)
                if twin is None:
                    return
                ticket.trip, ticket.issued, ticket.seen = twin.trip, twin.issued, twin.seen
                ticket.amount, ticket.tax, ticket.total = twin.total, 0, twin.total
                ticket.seller = twin.seller if paper == "air_paper" else ticket.seller

    def _broken(self, after: int) -> Iterator[Invoice]:
        """Two unreadable rows per system, which are not part of the truth."""
        missing = [(system, defect) for system in SYSTEMS for defect in ("amount", "date")]
        index = (after // DECK + 1) * DECK + 1_000_000
        while missing:
            made = self.maker.make(index)
            fitting = next((pair for pair in missing if pair[0] in made.systems and not made.trip), None)
            if fitting and made.kind not in ("customs_payment", "tax_payment_proof", "fixed_amount", "other"):
                missing.remove(fitting)
                made.systems, made.defect, made.status = (fitting[0],), fitting[1], "normal"
                yield made
            index += 1

    def _file_into_forms_and_bills(self) -> None:
        """Link some invoices to forms in Maycur, and those of the invoice cloud to bills and live channels."""
        linked = [
            one for one in self.invoices if "maycur" in one.systems and dice(self.seed, "linked", one.index, 5) < 2
        ]
        size = max(5, len(linked) // 400)
        for place, invoice in enumerate(linked):
            invoice.form = f"BX{self.today:%y}{place // size + 1:06d}"
        cloud = [one for one in (*self.invoices, *self.broken) if "piaozone" in one.systems]
        live = [one for one in cloud if not one.defect and one.systems[-1] == "piaozone"][: len(messages.SHAPES) * 4]
        for place, shape in enumerate(messages.SHAPES):
            key = hashlib.blake2b(f"{self.seed}/channel/{place}".encode(), digest_size=16).hexdigest()
            chosen = live[place * 4 : place * 4 + 4]
            for invoice in chosen:
                invoice.channel, invoice.bill = key, f"{self.today:%Y-%m}-LIVE-{place + 1:04d}"
            self.messages[key] = list(messages.of_shape(shape, chosen, self.seed)) if chosen else []
        rest = [one for one in cloud if not one.channel]
        chance, number, left = random.Random(self.seed + 7), 0, 0
        largest = min(300, max(6, len(rest) // 60))
        for invoice in rest:
            if not left:
                number, left = number + 1, chance.randint(1, largest)
            invoice.bill, left = f"{self.today:%Y}-BILL-{number:06d}", left - 1

    def _feed_one_form_askew(self) -> None:
        """Give one paper invoice a typed number that is one below its printed number, as when a sheet was fed out of
        step."""
        for one in self.invoices:
            seen = {"checker", "piaozone"} <= set(one.systems) and not one.deleted and checker.joins(one, self.seed)
            if one.kind in _ON_FORMS and one.status == "normal" and seen and one.bill and not one.channel:
                one.typed = f"{(int(one.number) - 1) % 10**8:08d}"
                return

    def _crowd_one_second(self) -> None:
        seen = [one for one in self.invoices if "checker" in one.systems][: self.crowd]
        for invoice in seen:
            self.changed[invoice.index] = seen[len(seen) // 2].seen

    def _index(self) -> None:
        """Sort the lists that the servers page through."""
        every = [*self.invoices, *self.copies, *self.broken]
        of = {system: [one for one in every if system in one.systems] for system in SYSTEMS}
        touched = self.changed.get
        self.checker_feed: list[Dated] = sorted((touched(i.index, i.seen), i.index, i) for i in of["checker"])
        self.shopex_by_issue: list[Dated] = sorted((i.issued.toordinal(), i.index, i) for i in of["shopex"])
        self.shopex_results: list[Dated] = sorted(
            (touched(i.index, i.seen), i.index, i) for i in of["shopex"] if shopex.issued(i, self.seed) and not i.defect
        )
        self.shopex_by_number = {shopex.invoice_bn(i): i for i in of["shopex"]}
        self.etax_lists: dict[str, list[Dated]] = defaultdict(list)
        for i in of["etax"]:
            dated = i.ticked if i.ticking in DATED_BY_TICKING and i.ticked else i.issued
            self.etax_lists[i.ticking].append((dated.toordinal(), i.index, i))
        for invoices in self.etax_lists.values():
            invoices.sort()
        self.maycur_free: list[Dated] = sorted((i.seen, i.index, i) for i in of["maycur"] if not i.form)
        self.maycur_forms = _grouped((i.form, i) for i in of["maycur"] if i.form)
        self.bills = _grouped((i.bill, i) for i in of["piaozone"])
        self.by_serial = {piaozone.serial_no(i, self.seed): i for i in of["piaozone"]}
        self._fill_wallet()

    def _fill_wallet(self) -> None:
        """Put the newest invoices into the cloud's wallet, on no bill, for people to choose from. The cloud keeps an
        invoice that was in the wallet."""
        free = [one for one in self.invoices if _choosable(one)]
        for invoice in sorted(free, key=lambda one: (one.issued, one.index))[-WALLET_SIZE:]:
            self._in_wallet[invoice.index] = invoice
            invoice.expense = invoice.expense or "1"
        self.wallet = {piaozone.serial_no(one, self.seed): one for one in self._in_wallet.values()}

    def invoice(self, serial: str) -> Invoice | None:
        """The invoice under a serial number of the invoice cloud; None when there is none."""
        return self.by_serial.get(serial) or self.wallet.get(serial)

    def renumber(self, invoice: Invoice) -> None:
        """Give the invoice a new serial number, as after an edit of its key fields in the invoice cloud."""
        by_serial = self.by_serial if "piaozone" in invoice.systems else self.wallet
        by_serial.pop(piaozone.serial_no(invoice, self.seed), None)
        invoice.revision, invoice.serial_turn = invoice.revision + 1, invoice.serial_turn + 1
        by_serial[piaozone.serial_no(invoice, self.seed)] = invoice

    def rows(self, system: str) -> Iterator[dict[str, Any]]:
        """All raw rows of one system in its own order: the result of a full pull without faults.

        shopex gives the order rows (with their details) first, then the issuing results; piaozone the details.
        """
        seed, timed = self.seed, {"40"}
        if system == "checker":
            yield from (checker.row(i, seed, at) for at, _, i in self.checker_feed)
        elif system == "shopex":
            yield from (shopex.detail_row(i, seed) for _, _, i in self.shopex_by_issue)
            yield from (shopex.result_row(i, seed, at) for at, _, i in self.shopex_results)
        elif system == "etax":
            for ticking, listed in sorted(self.etax_lists.items()):
                yield from (etax.row(i, seed, timed=ticking in timed) for _, _, i in listed)
        elif system == "maycur":
            yield from (maycur.row(i, seed) for _, _, i in reversed(self.maycur_free))
            yield from (maycur.row(i, seed) for linked in self.maycur_forms.values() for i in linked)
        elif system == "piaozone":
            yield from (piaozone.detail(i, seed) for filed in self.bills.values() for i in filed)
        else:
            raise ValueError(f"no such system: {system}")

    def truth(self) -> Iterator[dict[str, Any]]:
        """The content of a correct ledger, one entry per document, with canonical names and amounts as strings.

        ``ids`` is system → vendor's id ('' where the vendor has none). ``apart``: systems whose row lacks the statutory
        number, which a ledger keeps as separate invoices. An order of the shop that is not issued yet has no number.
        """
        for i in self.invoices:
            issued = "shopex" not in i.systems or shopex.issued(i, self.seed)
            apart = [one for one in i.systems if one == "checker" and not checker.joins(i, self.seed)]
            slip = i.kind == "customs_payment"
            yield {
                "kind": i.kind,
                "direction": "output" if i.output else "input",
                "code": i.code if issued else "",
                "number": i.number if issued else "",
                "digital_number": i.digital if issued else "",
                "issue_date": i.issued.isoformat(),
                "amount_excl_tax": None if slip else str(yuan(i.amount)),
                "tax_amount": str(yuan(i.tax)),
                "total_amount": None if slip else str(yuan(i.total)),
                "buyer_name": i.buyer.name,
                "buyer_tax_no": i.buyer.tax_no,
                "seller_name": i.seller.name,
                "seller_tax_no": i.seller.tax_no,
                "status": i.status,
                "ids": {system: self._vendor_id(i, system) for system in i.systems},
                "apart": apart,
                "issued": issued,
                "deleted_by": ["checker"] if i.deleted and "checker" in i.systems else [],
            }

    def _vendor_id(self, invoice: Invoice, system: str) -> str:
        record_ids = {"checker": checker.record_id, "maycur": maycur.data_code, "piaozone": piaozone.serial_no}
        if system in record_ids:
            return record_ids[system](invoice, self.seed)
        return shopex.invoice_bn(invoice) if system == "shopex" else ""

    def companies(self) -> list[dict[str, Any]]:
        """The two companies of the world."""
        ours, shop = self.maker.ours, self.maker.shop
        return [
            {"name": ours.name, "tax_no": ours.tax_no, "former_names": [self.maker.former_name], "small_scale": False},
            {"name": shop.name, "tax_no": shop.tax_no, "former_names": [], "small_scale": False},
        ]

    def change(self, seed: int = 1, count: int = 20) -> dict[str, int]:
        """Make ``count`` changes: edits, voids, deletions, new serial numbers, new invoices. Returns their number.

        All changes happen in the hour before midnight of ``today``, after the initial data.
        """
        chance = random.Random(f"{self.seed}/{self.version}/{seed}")
        stamp = epoch(self.today, -3600) + min(self.version * 60, 3500)
        recent = self.today - timedelta(days=25)
        scanned = [one for one in self.invoices if "checker" in one.systems and not one.deleted]
        young = [
            one for one in self.invoices if one.issued >= recent and one.status == "normal" and one.number + one.digital
        ]
        voidable = [one for one in young if not one.trip and {"etax", "shopex", "checker"} & set(one.systems)]
        billed = [one for one in self.invoices if "piaozone" in one.systems and one.kind.startswith(("digital", "vat"))]
        done: dict[str, int] = {"edited": 0, "voided": 0, "deleted": 0, "renumbered": 0, "added": 0}
        for turn in range(count):
            what = chance.choices(tuple(done), weights=(8, 4, 2, 1, 5))[0]
            pool = {"edited": scanned, "voided": voidable, "deleted": scanned, "renumbered": billed}.get(what)
            if not pool:
                what = "added"
                self._add(stamp + turn % 60)
            else:
                self._alter(pool.pop(chance.randrange(len(pool))), what, stamp + turn % 60)
            done[what] += 1
        self.version += 1
        self._index()
        return done

    def _alter(self, invoice: Invoice, what: str, stamp: int) -> None:
        self.changed[invoice.index] = stamp
        if what == "voided":
            invoice.status = "void"
            return
        if what == "deleted":
            invoice.deleted = True
            return
        invoice.revision += 1
        invoice.remark = f"更正{invoice.revision}:{invoice.remark}"
        if what == "renumbered":
            invoice.serial_turn += 1
            self.messages[next(iter(self.messages))].append(messages.update_invoice(invoice, self.seed))

    def _add(self, stamp: int) -> None:
        """Add an invoice issued yesterday and recorded at ``stamp``."""
        invoice = self.maker.make(len(self.invoices), self.today - timedelta(days=1))
        invoice.seen = stamp
        if invoice.total < 0:
            invoice.status = "normal"
        if "piaozone" in invoice.systems:
            invoice.bill = max(
                (bill for bill in self.bills if "-BILL-" in bill), default=f"{self.today:%Y}-BILL-000001"
            )
        self.invoices.append(invoice)


def _choosable(invoice: Invoice) -> bool:
    """Whether an invoice that is in other systems only could be put on a bill."""
    elsewhere = invoice.output or "piaozone" in invoice.systems or invoice.form or invoice.deleted
    return not elsewhere and invoice.total > 0 and invoice.status == "normal" and invoice.kind in piaozone.TYPES


def _grouped(pairs: Iterable[tuple[str, Invoice]]) -> dict[str, list[Invoice]]:
    by_company: dict[str, list[Invoice]] = defaultdict(list)
    for key, invoice in pairs:
        by_company[key].append(invoice)
    return dict(by_company)

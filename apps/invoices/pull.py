"""One pull of one source, from claim to settled run. Every page is one transaction: records, ledger, cursor, counts."""

from datetime import timedelta
from traceback import format_exc

import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from apps.core.errors import HubError, TryLater, UpstreamError
from apps.core.http import Limits
from apps.core.redaction import Redactor
from apps.sources import runs, services
from apps.sources.connectors import CONNECTORS
from apps.sources.connectors.base import Page, RawItem
from apps.sources.context import SourceContext
from apps.sources.models import Cursor, SyncRun
from apps.sources.records import InvoiceRecord

from .facts import Ledger
from .ingest import Parse, ingest_page

log = structlog.get_logger(__name__)


def pull(run_id: int, limits: Limits | None = None) -> SyncRun | None:
    """Pull the source of a queued run to the end; None when another worker has the run. Errors of the upstream are
    stored in the run, never raised."""
    run = runs.claim(run_id)
    if run is None:
        return None
    with (
        runs.Heartbeat(run) as heartbeat,
        SourceContext(run.source, checkpoint=heartbeat.check, ledger=Ledger(), limits=limits) as context,
    ):
        error = _walk(run, context)
        run = runs.finish(run, error, context.notes, backlog=context.postponed_until is not None)
    if context.postponed_until is not None:
        services.come_back(run.source_id, context.postponed_until)
    elif isinstance(error, TryLater) and error.retry_after:
        services.come_back(run.source_id, timezone.now() + timedelta(seconds=error.retry_after))
    log.info("pull.finished", run=run.pk, source=run.source.name, status=run.status, received=run.received)
    return run


def _walk(run: SyncRun, context: SourceContext) -> HubError | None:
    connector = CONNECTORS[run.source.kind]
    facts = context.source

    def parse(item: RawItem) -> InvoiceRecord:
        return connector.parse(item, facts)

    try:
        for page in connector(context).fetch():
            context.checkpoint()
            _commit(run, page, parse, context.http.redactor)
    except HubError as error:
        return error
    except (InterfaceError, OperationalError):
        raise  # without the database the run stays as it is; the next run continues from the last page
    except Exception as error:  # noqa: BLE001 - a fault of ours ends this run with a sentence; other sources go on
        log.error("pull.unexpected", run=run.pk, traceback=context.http.redactor.text(format_exc()))
        return UpstreamError("run.unexpected", error=type(error).__name__)
    return None


@transaction.atomic
def _commit(run: SyncRun, page: Page, parse: Parse, redactor: Redactor) -> None:
    counts = ingest_page(
        run.source, page.items, parse, run_id=run.pk, stream=page.stream, parsed=page.parsed, redactor=redactor
    )
    counts.charged = page.charged
    if page.cursor is not None:
        Cursor.objects.update_or_create(source=run.source, stream=page.stream, defaults={"position": dict(page.cursor)})
    runs.record_page(
        run, counts.as_dict(), page.progress
    )  # last: it locks the run's row, which the heartbeat updates too

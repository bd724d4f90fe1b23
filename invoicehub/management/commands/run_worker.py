"""``run_worker``: one RQ worker that outlives Redis being away. Started by ``work``."""

import time
from typing import Any

import django_rq
from django.core.management.base import BaseCommand, CommandParser
from django.db import connections
from redis.exceptions import RedisError
from rq import SimpleWorker


class Command(BaseCommand):
    help = "One worker; see `work`."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("queues", nargs="*", default=["pushes", "pulls"], help="the first ones come first")

    def handle(self, *args: Any, **options: Any) -> None:
        while True:
            try:
                queues = [django_rq.get_queue(name) for name in options["queues"]]
                worker = _Worker(queues, connection=queues[0].connection)
                worker.work(with_scheduler=False, logging_level="WARNING")
                return
            except (
                RedisError,
                OSError,
            ):  # the wakeup is away; the truth is in PostgreSQL, so wait for it to come back
                time.sleep(1)


class _Worker(SimpleWorker):
    """Runs jobs in its own process: a pull lasts seconds to hours, and a killed one is taken up by its heartbeat."""

    def execute_job(self, job: Any, queue: Any) -> Any:
        connections.close_all()  # a connection from before a database restart is of no use
        return super().execute_job(job, queue)

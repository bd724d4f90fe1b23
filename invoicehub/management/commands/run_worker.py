"""``run_worker``: one RQ worker that keeps running while Redis is down. Started by ``work``."""

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
            ):  # Redis is down; the queues are in PostgreSQL, so wait until Redis is back
                time.sleep(1)


class _Worker(SimpleWorker):
    """Runs jobs in its own process: a pull may last hours, and a killed one is noticed by its missing heartbeat."""

    def execute_job(self, job: Any, queue: Any) -> Any:
        connections.close_all()  # after a restart of the database an old connection is broken
        return super().execute_job(job, queue)

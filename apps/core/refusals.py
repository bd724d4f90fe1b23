"""What a service refuses (HubError), shown to a person: on the next page, on a form, on the command line.

REST needs nothing of this: ``problems.problem_details`` turns every HubError into problem details. All of these are
context managers; a refusal ends the block, and the code behind it goes on::

    with refusals.on_form(form):
        bill = services.edit_bill(…)
        return redirect("bill", pk=bill.pk)
    return render(request, "bills/form.html", {"form": form})
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from django.contrib import messages
from django.core.management.base import CommandError
from django.forms import BaseForm
from django.http import HttpRequest

from .errors import HubError


class Refusal:
    """A block that a HubError may end. ``sentence`` says why, in the active language; '' when nothing was refused."""

    def __init__(self, show: Callable[[str], object] = lambda sentence: None) -> None:
        self.sentence = ""
        self._show = show

    def __bool__(self) -> bool:
        return bool(self.sentence)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool:
        if not isinstance(error, HubError):
            return False
        self.sentence = str(error)
        self._show(self.sentence)
        return True


def caught() -> Refusal:
    """For pages that show the sentence in a place of their own."""
    return Refusal()


def on_page(request: HttpRequest, about: str = "") -> Refusal:
    """As a message on the next page; ``about`` names what was refused when there are several."""
    prefix = f"{about}: " if about else ""
    return Refusal(lambda sentence: messages.error(request, f"{prefix}{sentence}"))


def on_form(form: BaseForm, field: str | None = None) -> Refusal:
    """As an error of the form, or of one of its fields."""
    return Refusal(lambda sentence: form.add_error(field, sentence))


@contextmanager
def on_command_line() -> Iterator[None]:
    """As the error that ends a management command; also a decorator of ``handle``. Raises CommandError."""
    try:
        yield
    except HubError as error:
        raise CommandError(str(error)) from error

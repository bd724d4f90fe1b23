"""Keeps labels out of migrations, so that a new label needs no migration.

``makemigrations`` and ``migrate`` compare models with migrations after removing texts from the models of this
project: labels, help texts, choices, messages, names of permissions.
"""

from typing import Any

from django.apps import apps
from django.core.management.commands import makemigrations
from django.db.migrations.state import ModelState, ProjectState
from pgtrigger.migrations import TriggerOperationMixin

_LABEL_OPTIONS = ("verbose_name", "verbose_name_plural", "permissions")


_Autodetector: Any = makemigrations.Command.autodetector


class LabelFreeAutodetector(_Autodetector):
    """The autodetector in use (pgtrigger has put its own in place), with models that have no labels."""

    def __init__(self, from_state: ProjectState, to_state: ProjectState, *args: Any, **kwargs: Any) -> None:
        super().__init__(from_state, without_labels(to_state), *args, **kwargs)

    def _optimize_migrations(self) -> None:
        """Put triggers last, so that fields, indexes and constraints join the creation of their model.

        Django renders the models again for every operation, which made an empty database slow to migrate.
        """
        for migrations in self.migrations.values():
            for migration in migrations:
                migration.operations.sort(key=lambda operation: isinstance(operation, TriggerOperationMixin))
        super()._optimize_migrations()


def without_labels(state: ProjectState) -> ProjectState:
    """A copy of the state in which the models of this project have no labels; models of others stay as they are."""
    copied = state.clone()
    for (app_label, _model), model_state in copied.models.items():
        if apps.get_app_config(app_label).name.startswith("apps."):
            _strip_model(model_state)
    return copied


def _strip_model(model_state: ModelState) -> None:
    model_state.options = {name: value for name, value in model_state.options.items() if name not in _LABEL_OPTIONS}
    model_state.fields = {name: _stripped(field) for name, field in model_state.fields.items()}


def _stripped(field: Any) -> Any:
    copied = field.clone()
    copied._verbose_name = None
    copied.help_text = ""
    copied.choices = None
    copied._error_messages = None
    if getattr(copied, "base_field", None) is not None:
        copied.base_field = _stripped(copied.base_field)
    return copied

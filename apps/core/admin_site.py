"""The administration's site: one way to log in, and a content policy its scripts can live with."""

from collections.abc import Callable
from typing import Any

from csp.decorators import csp_update
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _
from unfold.sites import UnfoldAdminSite

# The theme is built on Alpine, which compiles the expressions in its attributes; the workspace goes without.
_POLICY = {"script-src": ["'unsafe-eval'"]}

# Libraries' models that are about people stand with the people, under names that say what they are.
_ABOUT_PEOPLE = {"auth", "knox", "mfa"}
_NAMES = {"AuthToken": _("API tokens"), "Authenticator": _("Second login steps"), "Group": _("Roles")}


def icon(request: HttpRequest) -> str:
    return static("invoicehub/icon.svg")


class AdminSite(UnfoldAdminSite):
    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        listed = super().get_app_list(request, app_label)
        people = next((app for app in listed if app["app_label"] == "accounts"), None)
        if people is None:
            return listed
        for app in listed:
            if app["app_label"] in _ABOUT_PEOPLE:
                for model in app["models"]:
                    people["models"].append({**model, "name": _NAMES.get(model["object_name"], model["name"])})
        return [app for app in listed if app["app_label"] not in _ABOUT_PEOPLE]

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Callable[..., Any]:
        return csp_update(_POLICY)(super().admin_view(view, cacheable))

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The workspace's login, with its second step; a person without staff status is told so."""
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next", "/admin/"), settings.LOGIN_URL)

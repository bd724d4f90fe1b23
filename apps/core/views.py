"""Permissions and request helpers of the workspace's pages."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

View = Callable[..., Any]


def needs(permission: str) -> Callable[[View], View]:
    """Requires a login (redirects to it) and the permission (403)."""

    def decorate(view: View) -> View:
        return login_required(permission_required(permission, raise_exception=True)(view))

    return decorate


def place_to_return(request: HttpRequest, default: str) -> str:
    """The page the form was on (its field ``next``), if it is one of ours."""
    target = request.POST.get("next", "")
    return target if url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()) else default


def partial(request: HttpRequest) -> bool:
    """Whether htmx asked for a part of the page."""
    return request.headers.get("HX-Request") == "true"

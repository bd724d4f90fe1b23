"""A person's API tokens. A token may do what its person may, and is shown once, when it is made."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from knox.models import AuthToken

LIFETIMES = {"90": timedelta(days=90), "365": timedelta(days=365), "": None}  # days; '' never runs out


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """The tokens there are; posting makes one more and shows it."""
    made = ""
    if request.method == "POST":
        lifetime = LIFETIMES.get(request.POST.get("days", ""), LIFETIMES["90"])
        _token, made = AuthToken.objects.create(request.user, expiry=lifetime)
    mine = AuthToken.objects.filter(user=request.user).order_by("-created")
    return render(request, "account/tokens.html", {"tokens": mine, "made": made})


@login_required
@require_POST
def revoke(request: HttpRequest, token_key: str) -> HttpResponse:
    AuthToken.objects.filter(user=request.user, token_key=token_key).delete()
    messages.success(request, _("The token is no longer accepted."))
    return redirect("tokens")

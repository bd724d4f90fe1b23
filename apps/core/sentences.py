"""What the HTTP client says to people; registered when the app is ready."""

from django.utils.translation import gettext_lazy as _

from .messages import define

SENTENCES = {
    "http.timeout": _("%(host)s did not answer in time. It is tried again by itself."),
    "http.unreachable": _(
        "%(host)s cannot be reached. Check the address and the network; it is tried again by itself."
    ),
    "http.cut_off": _("%(host)s broke off in the middle of its answer. It is tried again by itself."),
    "http.unknown_timeout": _(
        "%(host)s took the request and did not answer in time. Whether it took effect is not known."
    ),
    "http.unknown_cut_off": _(
        "%(host)s took the request and broke off its answer. Whether it took effect is not known."
    ),
    "http.unknown_status": _(
        "%(host)s took the request and failed (HTTP %(status)s). Whether it took effect is not known."
    ),
    "http.unknown_answer": _(
        "%(host)s took the request and gave an answer that cannot be understood. Whether it took effect is not known."
    ),
    "http.not_json": _("The answer is not the data format that was agreed (JSON). It is tried again by itself."),
    "http.html_page": _(
        "The answer is a web page instead of data. Check the address, or the system is under maintenance."
    ),
    "http.server_error": _("The upstream system failed (HTTP %(status)s). It is tried again by itself."),
    "http.too_many": _("The upstream system says we ask too often (HTTP %(status)s). It is tried again later."),
    "http.refused": _("The upstream system refused us (HTTP %(status)s). Check the credentials. It said: %(text)s"),
    "http.status": _(
        "The upstream system did not accept the request (HTTP %(status)s). Check address and options. It said: %(text)s"
    ),
    "http.too_large": _(
        "%(host)s sent more than %(megabytes)s MB in one answer, which is refused. Check that the address is right."
    ),
    "http.redirect": _(
        "%(host)s sends us on to %(target)s, which is not followed. Enter the final address in the source."
    ),
    "http.redirect_loop": _("%(host)s sends us in circles. Check the address."),
    "http.denied_network": _(
        "%(host)s points to %(address)s, a network that sources may not use. Ask an administrator."
    ),
    "http.bad_address": _("%(address)s is not a web address. Correct the base URL of the source."),
    "http.certificate": _("The certificate of %(host)s is not valid. Ask the vendor, or correct the address."),
}


def register() -> None:
    define(SENTENCES)

"""What the admin's theme says in English only: named here so that it is translated with our own messages.

``tests/core/test_theme_messages.py`` tells when the theme no longer says it.
"""

from django.utils.translation import gettext_noop as _

UNFOLD = (
    _("All applications"), _("Apply Filters"), _("Click to cancel"), _("Click to download"), _("Date from"),
    _("Date to"),
    _("Expand row"), _("False"), _("From"), _("Go back"), _("Loading more results..."), _("More actions"),
    _("No data"), _("No recent searches"), _("No results found"), _("No results matching your query"),
    _("Recent searches"), _("Reset filters"), _("Run"), _("Select action"), _("Select action to run"),
    _("Select all rows"), _("Select record"), _("Select value"), _("This item will be deleted."),
    _("This page yielded into no results. Create a new item or reset your filters."), _("True"), _("Type to search"),
    _("Choose file to upload"), _("Dark"), _("General"), _("Light"), _("Next"), _("Previous"), _("Return to site"),
    _("Search apps and models..."), _("Toggle password visibility"),
    _("You have been successfully logged out from the administration"),
)  # fmt: skip

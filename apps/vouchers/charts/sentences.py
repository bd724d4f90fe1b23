"""Texts of the messages about charts of accounts and dimension items."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "chart.not_empty": _(
        "Account book “%(book)s” has accounts already. A standard chart is loaded into an empty book only; import a file to change it."
    ),
    "chart.account_taken": _("The chart has an account with this code already: %(account)s. Choose another code."),
    "chart.account_unusable": _(
        "“%(account)s” is no active account at the lowest level of the book's chart. Choose one of the chart, or add it there."
    ),
    "dimension_item.taken": _("There is “%(name)s” in the list of this dimension already. Choose another name."),
    "dimension_item.separator": _(
        "The name “%(name)s” has a semicolon or a line break, which separate dimensions. Write a comma instead."
    ),
    # Files of accounts or dimension items
    "chart_import.unreadable": _("The file cannot be read. Save it as Excel (.xlsx) or CSV and try again."),
    "chart_import.too_many": _("The file has more than %(most)s rows. Split it."),
    "chart_import.unknown_column": _("Nobody knows the column “%(column)s”. Use the headings of the template."),
    "chart_import.column_twice": _("The column “%(column)s” is there twice. Keep one of the two."),
    "chart_import.no_column": _("The file has no column “%(column)s”. Use the headings of the template."),
    "chart_import.refused": _(
        "Nothing was imported: %(count)s rows are refused, the first one in line %(line)s. Correct them and import the file again."
    ),
    # Problems of a row
    "chart_import.missing": _("“%(column)s” is missing."),
    "chart_import.too_long": _("“%(column)s” is longer than %(most)s characters."),
    "chart_import.bad_value": _("“%(value)s” does not fit “%(column)s”."),
    "chart_import.bad_code": _(
        "“%(code)s” is not the code of an account. Write letters and digits, with points or dashes between them."
    ),
    "chart_import.twice": _("“%(code)s” is in line %(line)s already. Keep one of the two."),
    "chart_import.unknown_parent": _(
        "The parent “%(parent)s” of account %(code)s is neither in this file nor in the chart. Add it, or correct its code."
    ),
    "chart_import.circle": _(
        "Account %(code)s would be below itself: its parent %(parent)s is below it. Correct one of them."
    ),
    "chart_import.column.code": _("code"),
    "chart_import.column.name": _("name"),
    "chart_import.column.direction": _("normal side"),
    "chart_import.column.dimensions": _("dimensions required"),
    "chart_import.column.active": _("active"),
    "chart_import.column.kind": _("dimension"),
}

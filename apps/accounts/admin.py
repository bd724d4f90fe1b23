"""People, roles, companies and API tokens."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.db.models.functions import Concat
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from knox.models import AuthToken
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminTextInputWidget

from apps.core.admin import HistoryMixin, HubAdmin
from apps.core.history import Change, links_of

from . import models, roles
from .company_admin import CompanySettingMixin
from .models import ApprovalLimit, Company, DutyPolicy, User
from .selectors import people_within

ROLE_LABELS = {
    roles.VIEWER: _("viewer"),
    roles.ACCOUNTANT: _("accountant"),
    roles.REVIEWER: _("reviewer"),
    roles.FINANCE_MANAGER: _("finance manager"),
    roles.ADMINISTRATOR: _("administrator"),
}

for model in (Group, AuthToken, Authenticator, EmailAddress):
    admin.site.unregister(model)


@admin.register(Group)
class RoleAdmin(HubAdmin, GroupAdmin):
    pass


@admin.register(Company)
class CompanyAdmin(HistoryMixin, HubAdmin):
    list_display = ("name", "tax_no", "small_scale", "people")
    search_fields = ("name", "tax_no")
    formfield_overrides = {ArrayField: {"widget": UnfoldAdminTextInputWidget}}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Company]:
        return Company.objects.visible_to(request.user).annotate(member_count=Count("members"))

    @admin.display(description=_("people"))
    def people(self, company: Any) -> int:
        return int(company.member_count)


class _OfDuty(CompanySettingMixin, HistoryMixin, HubAdmin):
    """A setting of a duty in one company or in all."""

    list_filter = ("duty",)
    list_select_related: tuple[str, ...] = ("company",)

    @admin.display(description=_("company"))
    def for_company(self, row: Any) -> str:
        return str(row.company or gettext("all companies"))


@admin.register(DutyPolicy)
class DutyPolicyAdmin(_OfDuty):
    list_display = ("duty", "for_company", "own_allowed")


@admin.register(ApprovalLimit)
class ApprovalLimitAdmin(_OfDuty):
    list_display = ("duty", "for_company", "role_name", "amount")
    list_select_related = ("company", "role")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "role":
            field.label_from_instance = _role
        return field

    @admin.display(description=_("role"))
    def role_name(self, limit: ApprovalLimit) -> str:
        return _role(limit.role)


class PersonChangeForm(UserChangeForm):
    """The theme's form, whose sentence about the password is English only."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = _("The password itself is not kept anywhere.")
        self.fields["password"].help_text = format_html(
            '{} <a href="../password/" class="text-primary-600 dark:text-primary-500">{}</a>', words, _("Set a new one")
        )


@admin.register(User)
class PersonAdmin(HistoryMixin, HubAdmin, UserAdmin):
    """Only superusers create superusers, grant single permissions or change each other; nobody changes their own
    rights. Others see the people who see no more than they do: whoever sets a password can log in with it."""

    form = PersonChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "name", "role_names", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff", "sees_all_companies")
    search_fields = ("username", "chinese_name", "first_name", "last_name", "email")
    filter_horizontal = ()
    ordering = ("username",)
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("last_name", "first_name", "email")}),
        (_("What they may do"), {"fields": ("groups", "is_staff", "is_active", "is_superuser")}),
        (_("What they may see"), {"fields": ("companies", "sees_all_companies")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
        (_("Single permissions beside the roles"), {"classes": ("collapse",), "fields": ("user_permissions",)}),
    )
    # The theme's own, an empty one, would come before Django's and leave nothing to fill in.
    add_fieldsets = (
        (None, {"fields": ("username", "last_name", "first_name", "usable_password", "password1", "password2")}),
    )
    readonly_fields = ("last_login", "date_joined")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        people = people_within(request.user).prefetch_related("groups").order_by(*self.get_ordering(request))
        people = people.annotate(chinese_name=Concat("last_name", "first_name"))  # finds 王芳
        return people if request.user.is_superuser else people.filter(is_superuser=False)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        fields = (*super().get_readonly_fields(request, obj),)
        if request.user.is_superuser:
            return fields
        fields += ("is_superuser", "user_permissions")
        if not getattr(request.user, "sees_all_companies", False):
            fields += ("sees_all_companies",)
        if obj is not None and obj.pk == request.user.pk:
            fields += ("groups", "companies", "is_staff", "is_active", "sees_all_companies")
        return fields

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "companies":
            kwargs["queryset"] = Company.objects.visible_to(request.user)
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if db_field.name == "groups":
            field.label, field.help_text = _("Roles"), _("Several roles add up.")  # type: ignore[union-attr]
            field.widget = UnfoldAdminCheckboxSelectMultipleWidget(choices=field.choices)  # type: ignore[union-attr]
            field.label_from_instance = _role  # type: ignore[union-attr,method-assign]
        return field

    def changes(self, row: User) -> list[Change]:
        """Roles and companies too; they live in tables of their own."""
        roles = links_of(models.UserRole.pgh_event_model, row, "user", "group")
        companies = links_of(models.UserCompany.pgh_event_model, row, "user", "company")
        return sorted([*super().changes(row), *roles, *companies], key=lambda change: change.when, reverse=True)

    @admin.display(description=_("name"), ordering="chinese_name")
    def name(self, user: User) -> str:
        return user.get_full_name() or "—"

    @admin.display(description=_("roles"))
    def role_names(self, user: User) -> str:
        return ", ".join(_role(group) for group in user.groups.all()) or "—"


def _role(group: Group) -> str:
    return str(ROLE_LABELS.get(group.name, group.name))


class _WithoutSecrets(HubAdmin):
    """Rows made elsewhere that contain a secret: listed and deleted here, never opened."""

    list_display_links = None
    list_select_related = ("user",)
    search_fields = ("user__username",)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        raise PermissionDenied  # for every id, so that nobody can probe which ones exist

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(AuthToken)
class TokenAdmin(_WithoutSecrets):
    """People make tokens on their own page; here they are revoked."""

    list_display = ("user", "token_key", "created", "expiry")
    fields = ("user", "token_key", "created", "expiry")


@admin.register(Authenticator)
class SecondStepAdmin(_WithoutSecrets):
    """For people who lost their phone: without its row they log in with the password alone and set it up again."""

    list_display = ("user", "type", "created_at", "last_used_at")
    fields = ("user", "type", "created_at", "last_used_at")

"""Who may use a REST endpoint."""

from rest_framework.permissions import DjangoModelPermissions


class MayRead(DjangoModelPermissions):
    """Model permissions, reading included (Django REST framework leaves reading free by default)."""

    perms_map = {**DjangoModelPermissions.perms_map, "GET": ["%(app_label)s.view_%(model_name)s"]}

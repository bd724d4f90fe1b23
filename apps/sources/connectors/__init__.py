"""The connectors by the kind a Source names: the built-in ones by explicit lines, then those of installed packages."""

from importlib.metadata import entry_points

from .base import Connector
from .checker import Checker
from .etax import Etax
from .maycur import Maycur
from .piaozone import Piaozone
from .registry import ENTRY_POINT_GROUP, build_registry
from .shopex import Shopex

BUILT_IN: tuple[type[Connector], ...] = (
    Checker,
    Shopex,
    Etax,
    Maycur,
    Piaozone,
)
CONNECTORS = build_registry(BUILT_IN, entry_points(group=ENTRY_POINT_GROUP))

"""The five upstream systems, by the kind a Source names. Filled by explicit lines; a sixth is one more."""

from .base import Connector
from .checker import Checker
from .etax import Etax
from .maycur import Maycur

CONNECTORS: dict[str, type[Connector]] = {
    Checker.kind: Checker,
    Etax.kind: Etax,
    Maycur.kind: Maycur,
}

"""The five upstream systems, by the kind a Source names. Filled by explicit lines; a sixth is one more."""

from .base import Connector
from .checker import Checker
from .etax import Etax
from .maycur import Maycur
from .piaozone import Piaozone
from .shopex import Shopex

CONNECTORS: dict[str, type[Connector]] = {
    Checker.kind: Checker,
    Shopex.kind: Shopex,
    Etax.kind: Etax,
    Maycur.kind: Maycur,
    Piaozone.kind: Piaozone,
}

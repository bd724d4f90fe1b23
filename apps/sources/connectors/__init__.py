"""The five upstream systems, by the kind a Source names. Filled by explicit lines; a sixth is one more."""

from .base import Connector

CONNECTORS: dict[str, type[Connector]] = {}

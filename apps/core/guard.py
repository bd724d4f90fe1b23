"""Denied networks: the address is checked when the connection is made, after name resolution and redirects."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

Network = IPv4Network | IPv6Network

_TRANSLATED = IPv6Network("64:ff9b::/96")  # RFC 6052: a translator on the way turns these into IPv4


class DeniedAddress(OSError):
    """The name resolved to an address no source may point to."""

    def __init__(self, address: str) -> None:
        super().__init__(f"address {address} is denied")
        self.address = address


class GuardedAdapter(HTTPAdapter):
    """Checks the address of the connected socket, so a host name that changes its address is caught too."""

    def __init__(self, deny: tuple[Network, ...]) -> None:
        self._deny = deny
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        deny = self._deny

        class GuardedHTTP(HTTPConnection):
            def _new_conn(self) -> Any:
                return _checked_socket(super()._new_conn(), deny)

        class GuardedHTTPS(HTTPSConnection):
            def _new_conn(self) -> Any:
                return _checked_socket(super()._new_conn(), deny)

        plain = type("GuardedHTTPPool", (HTTPConnectionPool,), {"ConnectionCls": GuardedHTTP})
        secure = type("GuardedHTTPSPool", (HTTPSConnectionPool,), {"ConnectionCls": GuardedHTTPS})
        self.poolmanager.pool_classes_by_scheme = {"http": plain, "https": secure}


def _checked_socket(sock: Any, deny: tuple[Network, ...]) -> Any:
    reached = ip_address(sock.getpeername()[0].split("%")[0])
    for address in _equivalents(reached):
        if any(address in network for network in deny if network.version == address.version):
            sock.close()
            raise DeniedAddress(str(address))
    return sock


def _equivalents(address: IPv4Address | IPv6Address) -> list[IPv4Address | IPv6Address]:
    """The address, and the IPv4 address it represents: mapped (RFC 4291), 6to4 (RFC 3056) or translated (RFC 6052)."""
    if address.version == 4:
        return [address]
    translated = IPv4Address(int(address) & 0xFFFF_FFFF) if address in _TRANSLATED else None
    inner = address.ipv4_mapped or address.sixtofour or translated
    return [inner, address] if inner else [address]


def denied_within(error: BaseException | None) -> DeniedAddress | None:
    """The DeniedAddress that an error of requests or urllib3 wraps; None when there is none."""
    while error is not None:
        if isinstance(error, DeniedAddress):
            return error
        inner = next((a for a in error.args if isinstance(a, BaseException)), None)
        error = error.__cause__ or getattr(error, "reason", None) or inner
    return None

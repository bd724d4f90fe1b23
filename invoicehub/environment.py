"""Reads the environment variables once, typed. Every variable is a field here; no other module reads os.environ.

Documented for administrators in ``docs/configuration.md``.
"""

import base64
import hashlib
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# Cloud metadata services give credentials to every client, so they are denied whatever the settings are.
METADATA_NETWORKS = ("169.254.0.0/16", "fd00:ec2::254/128", "100.100.100.200/32", "fe80::/10")


class EnvironmentProblem(Exception):
    """A variable is invalid; the text names it and says what is expected."""


@dataclass(frozen=True)
class Environment:
    data_dir: Path
    database_url: str  # '' → embedded
    redis_url: str  # '' → embedded
    secret_key: str
    credential_keys: tuple[bytes, ...]
    allowed_hosts: tuple[str, ...]
    time_zone: str
    outbound_deny: tuple[IPv4Network | IPv6Network, ...]
    debug: bool
    https: bool
    heartbeat_seconds: float  # interval of a pull's heartbeat
    dead_after_seconds: float  # after this time without a heartbeat another worker takes the pull over
    push_lease_seconds: float  # after this time without an answer of its worker a push is of unknown outcome
    push_status_query_seconds: float  # delay of the status query after an unclear answer
    push_retry_seconds: float  # delay of the first retry of a push; later delays are longer
    search_memory_mb: int  # memory of a search of the whole ledger, see apps/duplicates/columnar.py


def read(environ: Mapping[str, str] = os.environ) -> Environment:
    """Raises EnvironmentProblem, which names the invalid variable.

    Keys that are not set are generated once and stored in the data directory (mode 0600), so that a demo needs no
    configuration.
    """
    data_dir = Path(environ.get("INVOICEHUB_DATA_DIR") or ROOT / ".data").expanduser().resolve()
    secret = environ.get("INVOICEHUB_SECRET_KEY") or _kept_secret(data_dir / "secret_key")
    keys = tuple(k.strip().encode() for k in environ.get("INVOICEHUB_CREDENTIAL_KEYS", "").split(",") if k.strip())
    return Environment(
        data_dir=data_dir,
        database_url=environ.get("DATABASE_URL", ""),
        redis_url=environ.get("REDIS_URL", ""),
        secret_key=secret,
        credential_keys=tuple(_fernet_key(key) for key in keys)
        or (_derived_key(_kept_secret(data_dir / "credential_key")),),
        allowed_hosts=tuple(_listed(environ.get("INVOICEHUB_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]"))),
        time_zone=environ.get("INVOICEHUB_TIME_ZONE", "Asia/Shanghai"),
        outbound_deny=_networks(environ.get("INVOICEHUB_OUTBOUND_DENY", "")),
        debug=_flag(environ, "INVOICEHUB_DEBUG"),
        https=_flag(environ, "INVOICEHUB_HTTPS"),
        heartbeat_seconds=_seconds(environ, "INVOICEHUB_HEARTBEAT_SECONDS", 5),
        dead_after_seconds=_seconds(environ, "INVOICEHUB_DEAD_AFTER_SECONDS", 45),
        push_lease_seconds=_seconds(environ, "INVOICEHUB_PUSH_LEASE_SECONDS", 300),
        push_status_query_seconds=_seconds(environ, "INVOICEHUB_PUSH_STATUS_QUERY_SECONDS", 60),
        push_retry_seconds=_seconds(environ, "INVOICEHUB_PUSH_RETRY_SECONDS", 30),
        search_memory_mb=_megabytes(environ, "INVOICEHUB_SEARCH_MEMORY_MB", 800, least=200),
    )


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _flag(environ: Mapping[str, str], name: str) -> bool:
    value = environ.get(name, "").strip().lower()
    if value in ("", "0", "false", "no", "off"):
        return False
    if value in ("1", "true", "yes", "on"):
        return True
    raise EnvironmentProblem(f"{name} must be true or false, not {value!r}.")


def _seconds(environ: Mapping[str, str], name: str, default: float) -> float:
    try:
        value = float(environ.get(name) or default)
    except ValueError:
        value = 0
    if value <= 0:
        raise EnvironmentProblem(f"{name} must be a number of seconds above 0.")
    return value


def _megabytes(environ: Mapping[str, str], name: str, default: int, least: int) -> int:
    try:
        value = int(environ.get(name) or default)
    except ValueError:
        value = 0
    if value < least:
        raise EnvironmentProblem(f"{name} must be a number of megabytes, {least} or more.")
    return value


def _networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    try:
        return tuple(ip_network(part, strict=False) for part in (*METADATA_NETWORKS, *_listed(text)))
    except ValueError as error:
        raise EnvironmentProblem(f"INVOICEHUB_OUTBOUND_DENY must list networks such as 10.0.0.0/8: {error}.") from error


def _fernet_key(key: bytes) -> bytes:
    try:
        if len(base64.urlsafe_b64decode(key)) == 32:
            return key
    except ValueError:
        pass
    raise EnvironmentProblem(
        "INVOICEHUB_CREDENTIAL_KEYS must list Fernet keys (32 bytes, URL-safe Base64), the newest first."
    )


def _derived_key(secret: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(secret.encode()).digest())


def _kept_secret(path: Path) -> str:
    """The secret in this file, generated on first use. When two processes start at once, the first writer wins."""
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(secrets.token_urlsafe(48))
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text().strip()

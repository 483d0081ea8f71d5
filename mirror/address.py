"""Where a proxy is, as a user writes it; and whether an address is this machine's alone."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlsplit

from mirror.errors import ConfigError


class Address(NamedTuple):
    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def parse_proxy(url: str) -> Address:
    """``http://host:port`` as an address. Raises ConfigError for everything else."""
    try:
        parts = urlsplit(url if "//" in url else f"http://{url}")
        port = parts.port
    except ValueError as error:
        raise ConfigError(f"the proxy {url!r} is no URL ({error}): write http://HOST:PORT") from None
    if parts.scheme != "http":
        raise ConfigError(f"the proxy {url!r} speaks {parts.scheme!r}: mirror publishes plain http://HOST:PORT")
    if not parts.hostname or port is None or port == 0:
        raise ConfigError(f"the proxy {url!r} lacks a host or a port: write http://HOST:PORT")
    if parts.username or parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ConfigError(f"the proxy {url!r} holds more than an address: write http://HOST:PORT")
    return Address(parts.hostname, port)


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address: ``localhost``, ``127.0.0.0/8``, ``::1``."""
    from ipaddress import ip_address

    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def exposed(host: str) -> str | None:
    """The warning that it takes to listen on an address; None for one that only this machine reaches."""
    if is_loopback(host):
        return None
    return (
        f"warning: {host} can be reached from other machines. Who reads along there sees every exchange, secrets "
        "included, and the token of a hub; this is for networks that are yours alone."
    )

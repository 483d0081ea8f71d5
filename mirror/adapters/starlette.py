"""Starlette and FastAPI, for a conftest that swaps its client: ``MirrorTestClient`` in the place of ``TestClient``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mirror.adapters.seams import observed_asgi_call
from mirror.errors import FrameworkMissing
from mirror.session import Mirror, current

try:
    from starlette.testclient import TestClient, _TestClientTransport
except (ModuleNotFoundError, RuntimeError) as error:
    # Starlette itself raises RuntimeError where its HTTP client is missing.
    raise FrameworkMissing(
        f"mirror.adapters.starlette needs Starlette's test client: pip install 'mirror-http[starlette]' ({error})"
    ) from error

if TYPE_CHECKING:
    import httpx2 as httpx


class MirrorTestClient(TestClient):
    """A TestClient whose exchanges are mirrored; takes what TestClient takes.

    ``mirror`` is the Mirror to record to; left out, the one that runs in this process (one is started if none does).
    ``client.app`` stays the application it was given.
    """

    __test__ = False

    def __init__(self, *args: Any, mirror: Mirror | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The transport is TestClient's own, down to its state; only its calls are observed.
        transport: Any = self._transport
        transport.__class__ = ObservedTransport
        transport.mirror = mirror


class ObservedTransport(_TestClientTransport):
    """TestClient's transport, observed."""

    mirror: Mirror | None = None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        call = observed_asgi_call(_TestClientTransport.handle_request, [(self.mirror or current()).recorder])
        return call(self, request)  # type: ignore[no-any-return]

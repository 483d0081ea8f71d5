"""Flask, for a conftest that swaps its client: ``MirrorClient`` in the place of ``FlaskClient``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from mirror.adapters.seams import observed_werkzeug_call
from mirror.errors import FrameworkMissing
from mirror.recorder import Recorder
from mirror.session import Mirror, current

try:
    from flask.testing import FlaskClient
except ModuleNotFoundError as error:
    raise FrameworkMissing("mirror.adapters.flask needs Flask: pip install 'mirror-http[flask]'") from error

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment
    from werkzeug.datastructures import Headers


class MirrorClient(FlaskClient):
    """A FlaskClient whose exchanges are mirrored.

        MirrorClient(app)                         in a client fixture
        app.test_client_class = MirrorClient      for every app.test_client()
        class Client(MirrorClient, MyClient)      beside a subclass of one's own

    ``mirror`` is the Mirror to record to; left out, the one that runs in this process (one is started if none does).
    """

    def __init__(self, *args: Any, mirror: Mirror | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._mirror = mirror
        self._observed: tuple[Recorder, Callable[..., Any]] | None = None

    def run_wsgi_app(self, environ: WSGIEnvironment, buffered: bool = False) -> tuple[Iterable[bytes], str, Headers]:
        """Run the application, observed. Called by Werkzeug once for each hop of a followed redirect."""
        recorder = (self._mirror or current()).recorder
        if self._observed is None or self._observed[0] is not recorder:
            # Bound to the class, not to self: it is called with a stand-in for self.
            following = super(MirrorClient, type(self)).run_wsgi_app
            self._observed = recorder, observed_werkzeug_call(following, [recorder])
        return self._observed[1](self, environ, buffered)  # type: ignore[no-any-return]

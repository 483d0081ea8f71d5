"""Where in-process clients call their application, and how to be called there instead.

A seam is one method of one class: it makes the call on behalf of a client object that holds the application. The
method is replaced on its class; the replacement calls the original with a stand-in for the client object, equal in
everything but the application, which is the observed one. So the user's objects keep their own application
(``client.app is app``), a client used by two threads is used by two threads, and subclasses that override the method
come through as before.

Modules that are not imported yet are left unimported: importing ``starlette.testclient`` or ``httpx`` on behalf of a
user would change which warnings that user sees. They are met when they are imported (see imports).
"""

from __future__ import annotations

import functools
import weakref
from collections.abc import Callable
from types import FunctionType, ModuleType
from typing import Any, cast

from mirror.adapters.asgi import AsgiObserver, Sent
from mirror.adapters.wsgi import WsgiObserver
from mirror.recorder import Recorder

Detach = Callable[[], None]
Make = Callable[[Callable[..., Any], list[Recorder]], Callable[..., Any]]


class Standin:
    """A client object, but for the application that it calls."""

    __slots__ = ("_standin_attribute", "_standin_for", "_standin_value")

    def __init__(self, client: Any, attribute: str, application: Any) -> None:
        object.__setattr__(self, "_standin_for", client)
        object.__setattr__(self, "_standin_attribute", attribute)
        object.__setattr__(self, "_standin_value", application)

    @property  # type: ignore[misc]  # object's can be set; a stand-in's is what it stands for
    def __class__(self) -> type:
        """The client's class, so that ``isinstance`` and a subclass's ``super()`` take the one for the other."""
        return type(self._standin_for)

    def __getattr__(self, name: str) -> Any:
        if name == self._standin_attribute:
            return self._standin_value
        return getattr(self._standin_for, name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._standin_for, name, value)


def replace_method(owner: Any, name: str, make: Make, recorder: Recorder) -> Detach:
    """Have ``make(original, recorders)`` called instead of a method, until the last recorder has left.

    Attaching twice adds a recorder to the replacement that is there; the latest one is served.
    """
    replacement: Any = owner.__dict__[name]
    # Somebody's wrapper of our replacement has its attributes as well, but is not the one that they name.
    if replacement is not getattr(replacement, "mirror_replacement", None):
        served: list[Recorder] = []
        replacement = cast("Any", functools.wraps(replacement)(make(replacement, served)))
        replacement.mirror_replacement, replacement.mirror_recorders = replacement, served
        setattr(owner, name, replacement)
    recorders = replacement.mirror_recorders
    original = replacement.__wrapped__
    recorders.append(recorder)

    def detach() -> None:
        if recorder in recorders:
            recorders.remove(recorder)
        # Whoever has replaced the method in the meantime keeps their replacement; ours, inside it, now lets pass.
        if not recorders and owner.__dict__.get(name) is replacement:
            setattr(owner, name, original)

    return detach


def observed_werkzeug_call(original: Callable[..., Any], recorders: list[Recorder]) -> Callable[..., Any]:
    """``werkzeug.test.Client.run_wsgi_app``: one call for each hop, cookies included, the environ not yet copied."""
    if getattr(original, "__module__", "") == "werkzeug.test" and "run_wsgi_app" in original.__code__.co_names:
        return rebound_werkzeug_call(original, recorders)

    def run_wsgi_app(self: Any, environ: Any, buffered: bool = False) -> Any:
        application = self.application
        if not recorders or isinstance(application, WsgiObserver):
            return original(self, environ, buffered)
        return original(
            Standin(self, "application", WsgiObserver(application, recorders[-1], outermost=True)), environ, buffered
        )

    return run_wsgi_app


def rebound_werkzeug_call(original: Any, recorders: list[Recorder]) -> Callable[..., Any]:
    """The same without a stand-in, which costs a quarter of what observing costs.

    The method hands its application to a function of its module. The replacement is the method's own code, to which
    that name means a function that observes the application first.
    """
    module = original.__globals__

    def run_observed(application: Any, environ: Any, *args: Any, **kwargs: Any) -> Any:
        if recorders and not isinstance(application, WsgiObserver):
            application = WsgiObserver(application, recorders[-1], outermost=True)
        return module["run_wsgi_app"](application, environ, *args, **kwargs)

    names = {**module, "run_wsgi_app": run_observed}
    rebound = FunctionType(original.__code__, names, original.__name__, original.__defaults__, original.__closure__)
    rebound.__kwdefaults__ = original.__kwdefaults__
    return rebound


def observed_asgi_call(original: Callable[..., Any], recorders: list[Recorder]) -> Callable[..., Any]:
    """``handle_request`` of the transport of Starlette's TestClient."""

    def handle_request(self: Any, request: Any) -> Any:
        if not recorders or isinstance(self.app, AsgiObserver):
            return original(self, request)
        observer = AsgiObserver(self.app, recorders[-1], sent(request), outermost=True)
        try:
            return original(Standin(self, "app", observer), request)
        except Exception as upgrade:
            # A WebSocket session comes out as an exception's attribute, not yet entered, and holds the application.
            observe_session(getattr(upgrade, "session", None), observer)
            raise

    return handle_request


def observe_session(session: Any, observer: AsgiObserver) -> None:
    """Give a WebSocket test session its own application back, and have it call the observer all the same."""
    if getattr(session, "app", None) is not observer or not hasattr(type(session), "_run"):
        return
    session.app = observer.app
    whose = weakref.ref(session)

    async def run(*args: Any, **kwargs: Any) -> None:
        entered = whose()
        if entered is not None:
            del entered._run
            await type(entered)._run(Standin(entered, "app", observer), *args, **kwargs)

    session._run = run


def observed_async_call(original: Callable[..., Any], recorders: list[Recorder]) -> Callable[..., Any]:
    """``handle_async_request`` of ``ASGITransport``."""

    async def handle_async_request(self: Any, request: Any) -> Any:
        if not recorders or isinstance(self.app, AsgiObserver):
            return await original(self, request)
        return await original(
            Standin(self, "app", AsgiObserver(self.app, recorders[-1], sent(request), outermost=True)), request
        )

    return handle_async_request


def observed_wsgi_transport(original: Callable[..., Any], recorders: list[Recorder]) -> Callable[..., Any]:
    """``handle_request`` of ``WSGITransport``."""

    def handle_request(self: Any, request: Any) -> Any:
        if not recorders or isinstance(self.app, WsgiObserver):
            return original(self, request)
        observer = WsgiObserver(self.app, recorders[-1], request.url.raw_path.decode("ascii"), outermost=True)
        return original(Standin(self, "app", observer), request)

    return handle_request


def sent(request: Any) -> Sent:
    """What an httpx request tells that the ASGI scope does not."""
    return Sent(
        request.url.raw_path.decode("ascii"),
        tuple([name for name, _ in request.headers.raw]),
        # Loaded at construction for bytes, forms and JSON; made on the way for iterators.
        getattr(request, "_content", None),
    )


# Module, class in it, method, replacement.
SEAMS: dict[str, tuple[str, str, Make]] = {
    "werkzeug.test": ("Client", "run_wsgi_app", observed_werkzeug_call),
    "starlette.testclient": ("_TestClientTransport", "handle_request", observed_asgi_call),
    "httpx._transports.asgi": ("ASGITransport", "handle_async_request", observed_async_call),
    "httpx._transports.wsgi": ("WSGITransport", "handle_request", observed_wsgi_transport),
    "httpx2._transports.asgi": ("ASGITransport", "handle_async_request", observed_async_call),
    "httpx2._transports.wsgi": ("WSGITransport", "handle_request", observed_wsgi_transport),
}


def attach(module: ModuleType, recorder: Recorder) -> Detach:
    """Observe the clients of one of the SEAMS' modules. Does nothing where the module has another shape."""
    name, method, make = SEAMS[module.__name__]
    owner = getattr(module, name, None)
    if not isinstance(owner, type) or method not in owner.__dict__:
        recorder.remark(f"{module.__name__}.{name}.{method} is not there: clients of this version are not mirrored")
        return lambda: None
    return replace_method(owner, method, make, recorder)

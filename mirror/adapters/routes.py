"""Which route matched: read from what the frameworks leave behind in ``environ`` and ``scope``, never guessed.

No framework is imported here. Everything is looked up by attribute, so that a framework's change costs the route of an
exchange and never the exchange.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mirror.exchange import Route

FULL = 2  # starlette.routing.Match.FULL


def attribute(owner: Any, name: str) -> Any:
    """An attribute of somebody's own object, None where there is none: what finds it may be code that raises."""
    try:
        return getattr(owner, name, None)
    except Exception:
        return None


def matched_rule(environ: Mapping[str, Any], application: Any) -> Any:
    """The rule of a call that ended in an exception, matched anew against the application's URL map."""
    try:
        return application.url_map.bind_to_environ(environ).match(return_rule=True)[0]
    except Exception:  # no map, no match: then there is no route
        return None


def wsgi_route(rule: Any, environ: Mapping[str, Any], application: Any) -> Route | None:
    """A Flask rule as a route, below the script name; the docstring where ``application`` has the view."""
    template = attribute(rule, "rule")
    if not isinstance(template, str):
        return None
    endpoint = attribute(rule, "endpoint")
    views = attribute(application, "view_functions")
    view = views.get(endpoint) if type(views) is dict else None
    method = environ.get("REQUEST_METHOD", "")
    return Route(environ.get("SCRIPT_NAME", "") + template, str(endpoint), doc_of(view, method))


def asgi_route(scope: Mapping[str, Any], root_path: str) -> Route | None:
    """Starlette's and FastAPI's route: ``scope["route"]``, under the mounts that ``scope["root_path"]`` has grown by.

    ``root_path`` is what the client started with: it, or FastAPI's own, is part of the template only where the path
    repeats it.
    """
    try:
        return routed(scope, root_path)
    except Exception:  # a route or an endpoint of somebody's own, with other manners
        return None


def routed(scope: Mapping[str, Any], root_path: str) -> Route | None:
    route = scope.get("route") or plain_route(scope)
    template = getattr(route, "path", None)
    # FastAPI keeps an included router's routes as they were written; the path with its prefixes is in a context.
    fastapi = scope.get("fastapi")
    if isinstance(fastapi, Mapping):
        context = fastapi.get("effective_route_context")
        if context is not None and getattr(context, "original_route", None) is route:
            template = getattr(context, "path", template)
    # A mount alone is no route: what is below it matched nothing, or is no framework's.
    if not isinstance(template, str) or not hasattr(route, "endpoint"):
        return None
    endpoint = scope.get("endpoint")
    prefix = str(scope.get("root_path", "")).removeprefix(unrepeated(scope, root_path))
    name = getattr(route, "name", None) or getattr(endpoint, "__name__", "")
    doc = doc_of(endpoint, str(scope.get("method", "")))
    return Route(unfill(prefix, template, scope.get("path_params")) + template, str(name), doc)


def unrepeated(scope: Mapping[str, Any], root_path: str) -> str:
    """What the application stands below where the path lacks it: FastAPI's ``root_path``, or what the client said."""
    own = scope.get("app_root_path", getattr(scope.get("app"), "root_path", ""))  # the first where there are mounts
    root = own if isinstance(own, str) and own else root_path
    return "" if str(scope.get("path", "")).startswith(root.rstrip("/") + "/") else root


def plain_route(scope: Mapping[str, Any]) -> Any:
    """Starlette's own route in FastAPI's router, which names the endpoint of such a one and not the route."""
    endpoint = scope.get("endpoint")
    if endpoint is None:
        return None
    routes = getattr(scope.get("router"), "routes", ())
    mine = [route for route in routes if getattr(route, "endpoint", None) is endpoint]
    if len(mine) < 2:
        return mine[0] if mine else None
    try:
        return next((route for route in mine if route.matches(scope)[0].value == FULL), None)
    except Exception:  # a route of somebody's own, with other manners
        return None


def unfill(prefix: str, template: str, params: Any) -> str:
    """The prefix of a mount with its parameters named again: ``/t1`` under ``Mount("/{tenant}")`` is ``/{tenant}``."""
    if not prefix or not isinstance(params, Mapping):
        return prefix
    inner = set(re.findall(r"{(\w+)", template))
    segments = prefix.split("/")
    for name, value in params.items():
        if name not in inner and str(value) in segments:
            segments[segments.index(str(value))] = f"{{{name}}}"
    return "/".join(segments)


def function_of(view: Any, method: str) -> Any:
    """What of Flask's answers a method: the view, or the method of the class that it was made of."""
    return getattr(getattr(view, "view_class", None), method.lower(), view)


def doc_of(view: Any, method: str) -> str | None:
    """What a view says of itself; of a class with a method for each of HTTP's, what that one says before the class."""
    view_class = view if isinstance(view, type) else attribute(view, "view_class")
    return docstring(attribute(view_class, method.lower())) or docstring(view)


def docstring(view: Any) -> str | None:
    doc = attribute(view, "__doc__")
    # An instance's docstring is its class's: it says nothing about the operation.
    return doc if isinstance(doc, str) and (callable(view) and attribute(view, "__name__") is not None) else None

"""All routes of an application: what its framework knows, called or not.

Read by attribute, like the route that matched (mirror.adapters.routes), and without asking the framework to make
anything: FastAPI would build the handlers of included routers, which runs code of the user's. So this follows the lists
of routes as they were written, through mounts, hosts and included routers.

Left out is what nobody calls as an operation: static files, WebSockets, HEAD beside GET, OPTIONS, what a framework
serves about the application (views of documentation extensions), and routes that say no method. What developers do not
want to be documented (``include_in_schema=False``) is told as hidden.
"""

from __future__ import annotations

import re
import weakref
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from msgspec.structs import replace

from mirror.adapters.declarations import fastapi_declarations, flask_declarations
from mirror.adapters.including import Including
from mirror.adapters.routes import attribute, doc_of, unrepeated
from mirror.adapters.securities import fastapi_security
from mirror.adapters.words import (
    UNSAID,
    Words,
    answers,
    api_words,
    fastapi_words,
    flask_words,
    is_hidden,
    tag_of_blueprint,
    tags_of,
)
from mirror.exchange import KnownRoute
from mirror.recorder import Recorder

METHODS = ("get", "post", "put", "patch", "delete", "head", "options", "trace")
DEEPEST = 16
"""Levels of applications within applications."""
MOST = 64
"""Objects that are looked at for what is inside of them."""
NO_NAME = "mirror_looks_for_what_nobody_has"
# Endpoints that serve files, where something of the path is a file's name (as mirror.openapi.observation has it).
STATIC = re.compile(r"(?:.*\.)?static")
# Packages whose own views show documents about the application.
ABOUT = frozenset(
    {"flask_smorest", "apiflask", "flasgger", "flask_restx", "flask_openapi3", "flask_swagger_ui", "fastapi"}
)
INNER = ("app", "application", "wsgi_app", "_app", "wrapped_app", "__wrapped__", "__self__")
"""Under which names middleware has what it wraps (``app.wsgi_app`` is a method of the application)."""


def meet_flask(recorder: Recorder, rule: Any, environ: Mapping[str, Any], application: Any) -> None:
    """A rule of Flask's has matched: read the map that it belongs to, if that has not been met before."""
    applications = recorder.applications
    try:
        rules = getattr(rule, "map", None)
        prefix = environ.get("SCRIPT_NAME", "")
        if rules is None or applications.has_met(rules, prefix):
            return
        flask = owner_of("url_map", rules, application) if applications.are_asked_for else None
        applications.meet(rules, prefix, partial(flask_routes, flask=None if flask is None else weakref.ref(flask)))
    except Exception as failure:  # what cannot be found out of an application costs no exchange
        applications.fail(failure)


def meet_router(recorder: Recorder, scope: Mapping[str, Any], root_path: str, application: Any) -> None:
    """A router of Starlette's or FastAPI's has been called; ``root_path`` is what the client said."""
    try:
        router = scope.get("router")
        if router is None:
            return
        # What the router was called below, before its mounts added to it.
        prefix = str(scope.get("app_root_path", scope.get("root_path", "")))
        prefix = prefix.removeprefix(unrepeated(scope, root_path))
        if not recorder.applications.has_met(router, prefix):
            api = api_words(owner_of("router", router, application))
            recorder.applications.meet(router, prefix, partial(starlette_routes, api=api))
    except Exception as failure:
        recorder.applications.fail(failure)


def inside(application: Any) -> Iterator[Any]:
    """An application, and those that it wraps or has mounted, the nearest first. Nothing is looked at twice, and what
    answers to every name (a Mock) not at all: it has others inside without end."""
    found = [application]  # which keeps them: an id is theirs alone while they are there
    seen = {id(application)}
    for each in found:
        if attribute(each, NO_NAME) is not None:
            continue
        yield each
        inner = [attribute(each, name) for name in INNER]
        mounts = attribute(each, "mounts")  # werkzeug's DispatcherMiddleware
        inner += mounts.values() if isinstance(mounts, dict) else ()
        for one in inner:
            if one is not None and id(one) not in seen and len(found) < MOST:
                seen.add(id(one))
                found.append(one)


def owner_of(name: str, value: Any, application: Any) -> Any:
    """Which of an application and those inside of it has that URL map, or that router; None where none is found."""
    return next((each for each in inside(application) if attribute(each, name) is value), None)


# Flask ----------------------------------------------------------------------------------------------------------------


def flask_routes(rules: Any, prefix: str, flask: weakref.ref[Any] | None) -> Iterator[KnownRoute]:
    application = None if flask is None else flask()
    if application is None and flask is not None:
        return  # its rules are there a little longer than itself
    views, api = getattr(application, "view_functions", {}), api_words(application)
    for rule in list(rules.iter_rules()):
        if rule.build_only or rule.websocket or rule.alias or rule.redirect_to is not None or not rule.methods:
            continue
        endpoint = str(rule.endpoint)
        view = views.get(rule.endpoint)
        if (STATIC.fullmatch(endpoint) and ":" in rule.rule) or package_of(view) in ABOUT:
            continue
        for method in called(rule.methods):
            if is_hidden(view):
                yield KnownRoute(prefix + rule.rule, method, endpoint, hidden=True)
                continue
            doc, declared = doc_of(view, method) or "", flask_declarations(view, method)
            said = flask_words(view, method)
            if not said.get("tags"):
                said["tags"] = tag_of_blueprint(application, endpoint)
            yield KnownRoute(prefix + rule.rule, method, endpoint, doc, declared, **said, **api)


def package_of(view: Any) -> str:
    return str(getattr(view, "__module__", "")).partition(".")[0]


def called(methods: Any) -> list[str]:
    """The methods that tests call: HEAD is GET's, OPTIONS the framework's."""
    return sorted(method for method in methods if method != "OPTIONS" and not (method == "HEAD" and "GET" in methods))


# Starlette and FastAPI ------------------------------------------------------------------------------------------------


def starlette_routes(router: Any, prefix: str, api: Words = UNSAID) -> Iterator[KnownRoute]:
    for route in below(getattr(router, "routes", ()), Including(prefix, {}), DEEPEST):
        yield replace(route, **api)


def below(routes: Any, above: Including, depth: int) -> Iterator[KnownRoute]:
    if depth == 0:
        return
    for route in list(routes or ()):
        here = above.around(route)
        included, context = getattr(route, "original_router", None), getattr(route, "include_context", None)
        if included is not None and context is not None:  # a router that FastAPI includes, as it was written
            yield from below(included.routes, here.around(context).by(context), depth - 1)
        elif hasattr(route, "endpoint"):
            if isinstance(getattr(route, "path", None), str) and package_of(route.endpoint) not in ABOUT:
                yield from operations(route, here)
        else:  # a mount, or a host
            yield from below(routes_in(route), here.below(str(getattr(route, "path", ""))), depth - 1)


def routes_in(mount: Any) -> Any:
    """The routes of what is mounted, which may be wrapped in middleware."""
    every = (attribute(each, "routes") for each in inside(mount))
    return next((routes for routes in every if routes and isinstance(routes, list | tuple)), ())


def operations(route: Any, above: Including) -> Iterator[KnownRoute]:
    """A route by its methods; of what is hidden nothing but that it is there."""
    endpoint = route.endpoint
    methods = getattr(route, "methods", None)
    if not methods:
        # A class with a method for each; of anything else the methods are not known, and a WebSocket has none.
        methods = {each.upper() for each in METHODS if isinstance(endpoint, type) and hasattr(endpoint, each)}
    name = str(getattr(route, "name", None) or getattr(endpoint, "__name__", ""))
    if above.hidden:
        for method in called(methods):
            yield KnownRoute(above.prefix + route.path, method, name, hidden=True)
        return
    try:
        dependants = above.dependants(route)
        security = fastapi_security(dependants)
    except Exception:  # somebody's own kind of dependency need not be like others
        dependants, security = (getattr(route, "dependant", None),), ()
    declared = (*fastapi_declarations(route, dependants, above.answers(route)), *security)
    said = fastapi_words(route) | {"tags": tuple(dict.fromkeys((*above.tags, *tags_of(route))))}
    if above.deprecated:
        said["deprecated"] = True
    own = {getattr(route, "status_code", None) or 200: getattr(route, "response_description", None)}
    said["answers"] = answers(own, above.answers(route))
    said["operation_id"] = said.get("operation_id") or above.unique_id(route)
    for method in called(methods):
        yield KnownRoute(above.prefix + route.path, method, name, doc_of(endpoint, method) or "", declared, **said)

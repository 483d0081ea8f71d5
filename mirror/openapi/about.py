"""What is served about a service, which is none of its operations: its document, pages that show one, favicons.

Where the route is known, that judges: ``/docs/{doc_id}`` is a resource like any other. Without one a path says too
little, and only an answer that is such a page or such a document makes it one.
"""

from __future__ import annotations

import re

from mirror.exchange import Exchange, KnownRoute, Response, Route
from mirror.openapi.bodies import read_body

# Documents, by the names that tools give to their files.
FILES = re.compile(
    r"(?:.*/)?(?:openapi|swagger|asyncapi|apispec\w*)(?:[._-]\w+)*\.(?:json|ya?ml)|/favicon\.ico|/robots\.txt",
    re.IGNORECASE,
)
PAGES = re.compile(
    r"/(?:docs|redoc|rapidoc|scalar|elements|swagger|swagger-ui|apidocs)(?:/(?:index\.html|oauth2-redirect(?:\.html)?)?)?",
    re.IGNORECASE,
)
# Without an extension it may be a collection (``/v1/openapi``).
NAMES = re.compile(r"(?:.*/)?(?:openapi|swagger|asyncapi|apispec\w*)(?:[._-]\w+)*(?:\.json|\.ya?ml)?/?", re.IGNORECASE)
# The views of extensions, by the names of their blueprints, and FastAPI's own: they may stand at any path.
EXTENSIONS = re.compile(
    r"(?:flasgger|api-docs|restx_doc|swagger_ui|flask_apispec)\..*|"
    r"(?:custom_)?(?:swagger_ui_html|redoc_html)|swagger_ui_redirect"
)
# That of flask-openapi3, which people may call one of their own. (Of routes that no test called, its views are known by
# their module: mirror.adapters.known.)
ANYBODYS = re.compile(r"openapi\..*")
# What people call a view of their own that shows such a page.
VIEWS = re.compile(
    r"(?:.*\.)?(?:custom_)?(?:docs|redoc|rapidoc|scalar|elements|swagger|swagger_ui|apidocs|openapi)"
    r"(?:_(?:ui|html|page|view|redirect))*",
    re.IGNORECASE,
)
SHOWN = re.compile(
    r"text/(?:html|css|javascript)|application/(?:xhtml\+xml|javascript|x-javascript|vnd\.oai\.openapi)|"
    r"(?:text|application)/(?:[\w.-]+\+|x-)?yaml",
    re.IGNORECASE,
)
VERSIONS = ("openapi", "swagger", "asyncapi")
"""Members in which such a document says its version."""


def is_about(exchange: Exchange) -> bool:
    """Whether an exchange is about the service."""
    request, response, route = exchange.request, exchange.response, exchange.route
    if route is not None:
        if is_page(request.method, route.template, route.endpoint) or ANYBODYS.fullmatch(route.endpoint):
            return shows(response)
        return is_served_about(route.template, route)
    if request.path.lower() in ("/favicon.ico", "/robots.txt"):
        return True
    path = request.path
    return bool(request.method == "GET" and (NAMES.fullmatch(path) or PAGES.fullmatch(path)) and shows(response))


def is_listed_about(path: str, route: KnownRoute) -> bool:
    """The same of a route with that path template, called or not."""
    return is_page(route.method, path, route.endpoint) or is_served_about(path, route)


def is_page(method: str, path: str, endpoint: str) -> bool:
    return bool(method == "GET" and PAGES.fullmatch(path) and VIEWS.fullmatch(endpoint))


def is_served_about(path: str, route: Route | KnownRoute) -> bool:
    if EXTENSIONS.fullmatch(route.endpoint):
        return True
    return FILES.fullmatch(path) is not None and not re.search(r"[{<]", path)


def shows(response: Response) -> bool:
    """Whether an answer is a page or a part of one, or a document about a service."""
    if response.status >= 400:
        return False
    if SHOWN.match((response.headers.get("content-type") or "").strip()):
        return True
    values = read_body(response.headers, response.body).values
    value = values[0] if len(values) == 1 else None
    return isinstance(value, dict) and any(isinstance(value.get(name), str) for name in VERSIONS)

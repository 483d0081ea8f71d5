"""What FastAPI's routers add to the routes that they include.

Since its 0.137 FastAPI keeps included routes as they were written, and makes the whole ones when a request first comes
past: which ones are there would depend on the order of tests. So they are followed here, from router to router.
"""

from __future__ import annotations

import copy
import re
import sys
from typing import Any, NamedTuple, Self

from mirror.adapters.words import tags_of

VARIABLE = re.compile(r"\{([^{}]*)\}")


class Including(NamedTuple):
    """What stands above a route: the ``prefix`` of its path, and of FastAPI's routers the ``tags``, ``dependencies``
    (FastAPI's ``Depends``), ``responses`` and the function that makes operation IDs (``named_by``). What stands below
    what is ``hidden`` is so as well. ``made`` is what FastAPI has made of dependencies in one reading, ``within`` the
    prefix of the routers alone, below the last mount: None where the route stands in its application itself."""

    prefix: str
    made: dict[Any, Any]
    tags: tuple[str, ...] = ()
    dependencies: tuple[Any, ...] = ()
    responses: dict[Any, Any] = {}  # noqa: RUF012 (never changed)
    deprecated: bool = False
    hidden: bool = False
    named_by: Any = None
    within: str | None = None

    def below(self, path: str) -> Self:
        """What stands above the routes of a mount, which no router of FastAPI's adds to."""
        return type(self)(self.prefix + path, self.made, hidden=self.hidden)

    def around(self, inner: Any) -> Self:
        """The same with what a route, a mount or an ``include_context`` says of being hidden."""
        return self._replace(hidden=True) if getattr(inner, "include_in_schema", True) is False else self

    def by(self, context: Any) -> Self:
        """The same with what an inner router's ``include_context`` adds."""
        return self._replace(
            prefix=self.prefix + context.prefix,
            tags=(*self.tags, *tags_of(context)),
            dependencies=(*self.dependencies, *(getattr(context, "dependencies", None) or ())),
            responses={**self.responses, **(getattr(context, "responses", None) or {})},
            deprecated=self.deprecated or getattr(context, "deprecated", None) is True,
            named_by=naming_of(context) or self.named_by,
            within=(self.within or "") + context.prefix,
        )

    def unique_id(self, route: Any) -> str:
        """What the developers' own function names a route of FastAPI's (``generate_unique_id_function``); empty where
        there is none, or it fails. FastAPI has called it for a route when that was made; for one that a router has
        brought in it would call it again, of the whole route, with the first request: so does this."""
        named_by = naming_of(route) or self.named_by
        if named_by is None:
            return ""
        try:
            name = getattr(route, "unique_id", "") if self.within is None else named_by(self._whole(route))
        except Exception:  # it is somebody's, who may have meant it for other routes
            return ""
        return name if isinstance(name, str) else ""

    def _whole(self, route: Any) -> Any:
        """A route with what its routers add, as far as names are made of that; the route itself stays as it is."""
        whole = copy.copy(route)
        whole.path, whole.path_format = (f"{self.within}{each}" for each in (route.path, route.path_format))
        whole.tags = [*self.tags, *tags_of(route)]
        whole.responses = self.answers(route)
        whole.deprecated = self.deprecated or route.deprecated
        return whole

    def answers(self, route: Any) -> dict[Any, Any]:
        """What is said of the responses of a route, by status."""
        own = getattr(route, "responses", None)
        return self.responses | own if isinstance(own, dict) else {}

    def dependants(self, route: Any) -> tuple[Any, ...]:
        """FastAPI's dependants of a route and of what is added to it; empty for a route of another kind. Those that are
        added are made by FastAPI, as it makes them for each request. Raises whatever that raises."""
        own = getattr(route, "dependant", None)
        if own is None:
            return ()
        if not self.dependencies:
            return (own,)
        path = self.prefix + route.path
        return (own, *(self._made(each, path) for each in self.dependencies))

    def _made(self, depends: Any, path: str) -> Any:
        """What FastAPI makes of a dependency. Of the path it looks at the names of the parameters alone, so that most
        routes of a router have the same."""
        key = id(depends), frozenset(VARIABLE.findall(path))
        if key not in self.made:
            make = sys.modules["fastapi.dependencies.utils"].get_parameterless_sub_dependant
            self.made[key] = make(depends=depends, path=path)
        return self.made[key]


def naming_of(made: Any) -> Any:
    """The function with which operation IDs are made here; None where that is FastAPI's own, or said further up."""
    function = getattr(made, "generate_unique_id_function", None)
    is_own = getattr(function, "__module__", "") == "fastapi.utils"
    return function if callable(function) and not is_own else None

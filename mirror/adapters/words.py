"""What developers say of an operation for its documentation: FastAPI's ``summary`` and the like, the ``doc`` decorators
of flask-smorest and APIFlask. Read by attribute; given as the fields of a KnownRoute. Docstrings are no part of it.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from mirror.adapters.declarations import exact
from mirror.adapters.notes import noted, plain, text_of
from mirror.adapters.routes import function_of

Words = dict[str, Any]
UNSAID: Words = {}

EVERYBODYS = frozenset({"FastAPI", "APIFlask", "0.1.0"})
"""Titles and versions of applications to which nobody has given one."""
INFO = {
    "description": ("description",),
    "summary": ("summary",),
    "termsOfService": ("terms_of_service",),
    "contact": ("contact",),
    "license": ("license_info", "license"),
}
"""Members of OpenAPI's Info Object, by the attributes of applications."""
OF_RESPONSES = frozenset({"Successful Response", "Successful response", *(each.phrase for each in HTTPStatus)})
"""What frameworks say of responses of which nobody has said anything."""


def fastapi_words(route: Any) -> Words:
    """Of a path operation of FastAPI's; nothing of other routes."""
    description = getattr(route, "description", None)
    doc = getattr(route.endpoint, "__doc__", None)
    if isinstance(description, str) and isinstance(doc, str) and description in (spoken(doc), inspect.cleandoc(doc)):
        description = None  # FastAPI takes the docstring where nothing is said
    return words(
        getattr(route, "summary", None), description, getattr(route, "operation_id", None),
        getattr(route, "deprecated", None),
    )  # fmt: skip


def spoken(doc: str) -> str:
    """A docstring as FastAPI shows it."""
    return inspect.cleandoc(doc).partition("\f")[0].strip()


def flask_words(view: Any, method: str) -> Words:
    """Of a view that flask-smorest or APIFlask has decorated; nothing of others."""
    function = function_of(view, method)
    smorest = getattr(function, "_apidoc", None)
    given = smorest if isinstance(smorest, dict) else getattr(function, "_spec", None)
    if not isinstance(given, Mapping):
        return {}
    by_hand = given.get("manual_doc") if isinstance(smorest, dict) else given
    told: Mapping[str, Any] = by_hand if isinstance(by_hand, Mapping) else {}
    name = told.get("operationId") or told.get("operation_id")
    said = words(told.get("summary"), told.get("description"), name, told.get("deprecated"))
    return said | {"tags": names(told.get("tags")), "answers": answers(*answers_given(given), told.get("responses"))}


def answers_given(told: Mapping[str, Any]) -> Iterator[Mapping[Any, Any]]:
    """What ``response`` and ``alt_response`` of flask-smorest and ``output`` of APIFlask say, by status."""
    response = told.get("response")
    if not isinstance(response, Mapping):
        return
    yield {response.get("status_code", 200): response}
    several = response.get("responses")
    for status, each in several.items() if isinstance(several, Mapping) else ():
        if not isinstance(each, list):
            yield {status: each}
        elif len(each) == 1:  # of two with one status, nobody knows which is which
            yield {status: each[0]}


def answers(*told: Any) -> tuple[tuple[str, str], ...]:
    """What is said of responses, by status; the last word counts, and none of a framework's own."""
    found = {}
    for responses in told:
        for status, said in responses.items() if isinstance(responses, Mapping) else ():
            text = said.get("description") if isinstance(said, Mapping) else said
            text = text.strip() if isinstance(text, str) else ""
            if exact(status) and text and text not in OF_RESPONSES:
                found[exact(status)] = text
    return tuple(sorted(found.items()))


def tag_of_blueprint(application: Any, endpoint: str) -> tuple[str, ...]:
    """The tag that a blueprint of APIFlask's is given."""
    blueprints = getattr(application, "blueprints", None)
    blueprint = blueprints.get(endpoint.rpartition(".")[0]) if isinstance(blueprints, Mapping) else None
    tag = getattr(blueprint, "tag", None)
    return names([tag.get("name") if isinstance(tag, Mapping) else tag])


def api_words(application: Any) -> Words:
    """What an application of FastAPI's, APIFlask's or flask-smorest's is called, its version, and what is said of it
    and of its tags; not what a framework calls every application."""
    told = {name: getattr(application, name, None) for name in ("title", "version")}
    config = getattr(application, "config", None)
    if isinstance(config, dict):
        told = {name: text or config.get(f"API_{name.upper()}") for name, text in told.items()}
    found: Words = {
        name: text.strip() for name, text in told.items() if isinstance(text, str) and text not in EVERYBODYS
    }
    info = {
        name: next(filter(None, (plain(getattr(application, each, None)) for each in several)), None)
        for name, several in INFO.items()
    }
    tags = getattr(application, "openapi_tags", None)
    about = {
        str(each.get("name")): text_of(each.get("description"))
        for each in (tags if isinstance(tags, list) else ())
        if isinstance(each, Mapping)
    }
    kept = {"info": noted(**info), "about_tags": tuple(about.items())}
    return found | {name: said for name, said in kept.items() if said}


def is_hidden(view: Any) -> bool:
    """Whether APIFlask is told to leave a view out of its document."""
    told = getattr(view, "_spec", None)
    return isinstance(told, Mapping) and told.get("hide") is True


def words(summary: Any, description: Any, operation_id: Any, deprecated: Any) -> Words:
    said = {"summary": summary, "description": description, "operation_id": operation_id}
    return {name: text.strip() for name, text in said.items() if isinstance(text, str)} | {
        "deprecated": deprecated is True
    }


def tags_of(route: Any) -> tuple[str, ...]:
    """The tags of a route of FastAPI's, or of what includes it."""
    return names(getattr(route, "tags", None))


def names(tags: Any) -> tuple[str, ...]:
    """Tags as texts; members of an enumeration by their values."""
    found = [getattr(each, "value", each) for each in tags] if isinstance(tags, list | tuple) else []
    return tuple(each for each in found if isinstance(each, str))

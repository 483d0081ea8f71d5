"""The OpenAPI document (3.1) of a service: what its evidence says, in the words that people and tools read.

Deterministic: the same evidence gives the same document, whatever order it came in.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import msgspec

from mirror.openapi.answered import (
    comes_back,
    reads_with_marshmallow,
    told_by_answers,
    with_integers,
    with_kinds,
    with_maps,
)
from mirror.openapi.bounded import is_complete, usual
from mirror.openapi.changes import makers, patches_in_part, refuses_some, with_made
from mirror.openapi.components import Called, Components, Root
from mirror.openapi.declared import with_declared
from mirror.openapi.declared_parts import NOTHING, Part, declared_of, docs_in, secured
from mirror.openapi.declared_texts import noted_form, noted_parameter, told_in, with_parameters
from mirror.openapi.documented import NOTHING as UNDOCUMENTED, documented
from mirror.openapi.evidence import (
    LISTED_TESTS,
    Answer,
    Content,
    Operation,
    below,
    is_accepted,
    request_contents,
)
from mirror.openapi.examples import examples
from mirror.openapi.fieldnames import cased
from mirror.openapi.forms import form_schema
from mirror.openapi.graphql_extension import graph
from mirror.openapi.info import info_of
from mirror.openapi.kin import Resources, kin_of, told_of
from mirror.openapi.model import Service
from mirror.openapi.naming import ERROR, METHODS, singulars
from mirror.openapi.parameters import parameters, sent
from mirror.openapi.paths import template_of
from mirror.openapi.place import Place
from mirror.openapi.problems import PROBLEM_JSON, as_problem, problem_of
from mirror.openapi.security import Security
from mirror.openapi.shape import Shape
from mirror.openapi.single import single_objects
from mirror.openapi.text_types import field_schema
from mirror.openapi.topics import ERRORS, of_path
from mirror.openapi.uncalled import uncalled, uncalled_operations
from mirror.openapi.wording import heading, object_name, operation_ids, phrase, status_key

Document = dict[str, Any]

CREATED = {"POST": "Create", "PUT": "Update", "PATCH": "Patch", "DELETE": "Delete"}


class Style(msgspec.Struct, frozen=True):
    """What a document says besides what was learned, and how much of that.

    ``evidence`` adds ``x-mirror`` (samples and tests), ``examples`` the examples; ``unexercised`` lists the routes that
    no test called, and what their models have beside it, marked. ``models`` asks the framework's models at all (their
    names, and what they declare). Without ``title``, ``description`` or ``version`` it is what the application says,
    else a word for any (mirror.openapi.info). Without ``servers`` there is the one that OpenAPI has then, the
    document's own.
    """

    title: str = ""
    description: str = ""
    version: str = ""
    servers: tuple[str, ...] = ()
    evidence: bool = True
    examples: bool = True
    unexercised: bool = True
    models: bool = True


def openapi(service: Service, style: Style = Style()) -> Document:  # noqa: B008 (it is frozen)
    """The document of one service."""
    return Writer(service, style).document()


class Writer:
    """Writes one document."""

    def __init__(self, service: Service, style: Style) -> None:
        self._service = service
        self._style = style
        found = service.operations()
        self._declared = declared_of(service.known, found) if style.models else {}
        self._operations = {
            key: with_parameters(found[key], self._declared.get(key, {}), style.unexercised)
            for key in sorted(found, key=order)
        }
        # A declaration is one view's own: it says nothing of others.
        self._kin = kin_of({key: found[key] for key in self._operations})
        self._resources = Resources(self._operations)
        known = {template_of(route.template).path for route in service.known}
        self._singulars = singulars([*found, *known])
        self._single = single_objects(self._operations, known)
        self._nulls = not reads_with_marshmallow(self._operations)
        in_part = style.unexercised and patches_in_part(self._operations)
        self._changes = ("PUT", "PATCH") if in_part else ("PUT",)
        self._problem = problem_of(self._operations)
        self._roots: list[Root] = []
        self._numbers: dict[tuple[str, str], int] = {}
        for key, operation in self._operations.items():
            self._collect(key, operation)
        self._components = Components(self._roots, style.evidence, self._kin.choices)
        listed = dict(uncalled_operations(service.known, self._operations))
        self._told_uncalled = declared = declared_of(service.known, listed) if style.models else {}
        self._uncalled = {key: with_parameters(each, declared.get(key, {}), True) for key, each in listed.items()}
        said = {key: secured(parts) for key, parts in (declared | self._declared).items() if "security" in parts}
        self._security = Security(self._operations, said)
        everything = self._operations | self._uncalled
        self._documented = documented(service.known, everything)
        self._ids = operation_ids({key: everything[key] for key in sorted(everything, key=order)}, self._documented)

    def document(self) -> Document:
        paths: Document = {}
        for key, operation in self._operations.items():
            method, _, template = key.partition(" ")
            name = method.lower() if method.lower() in METHODS else f"x-{method.lower()}"
            paths.setdefault(template, {})[name] = self._operation(key, operation)
        if self._style.unexercised:
            self._add_unexercised(paths)
        itself = info_of(self._service.known)
        document: Document = {
            "openapi": "3.1.0",
            "info": itself.described(self._style.title, self._style.description, self._style.version),
            "servers": [{"url": url} for url in self._style.servers or ("/",)],
            "security": [],  # operations that ask for credentials say so themselves
        }
        document["paths"] = {template: paths[template] for template in sorted(paths)}
        components: Document = {}
        made = self._components.schemas(docs_in(each for parts in self._declared.values() for each in parts.values()))
        if made:
            components["schemas"] = made
        written = self._operations | (self._uncalled if self._style.unexercised else {})
        asked = {name for key in written for each in self._security.of(key) or () for name in each}
        if asked:  # what a test has tried and nothing asks for is none
            components["securitySchemes"] = {
                name: scheme for name, scheme in self._security.schemes.items() if name in asked
            }
        if components:
            document["components"] = components
        tags = itself.tagged(tag for item in paths.values() for each in item.values() for tag in each.get("tags", ()))
        if tags:
            document["tags"] = tags
        return document

    # What is collected ------------------------------------------------------------------------------------------------

    def _collect(self, key: str, operation: Operation) -> None:
        method, _, template = key.partition(" ")
        topic = of_path(template, self._singulars)
        name = object_name(operation, template, self._singulars)
        whole = object_name(operation, template, self._singulars, template in self._single)
        choices = self._kin.choices_at(template)
        requests = told_by_answers(request_contents(operation), operation, self._nulls)
        part = self._part(key, "request")
        if () not in part.places:  # else its model knows
            about = partial(self._about, template)
            requests = with_kinds(with_maps(requests, about), partial(self._sent_about, template), about)
        refused = with_integers(below(operation.refusals, "body"), self._given(key))
        for media, content in sorted(requests.items()):
            refusals = told_of(content.shape, choices, self._kin.orders) | refused
            omissions = tuple(operation.omissions)
            verb = CREATED.get(method, "")
            called = Called(f"{name}{verb}", topic, f"{whole}{verb}")
            content, told = with_declared(content, part, "request", self._style.unexercised, is_accepted(operation))
            records = {*told, ()} if comes_back(content, self._given(key)) else {*told}
            place = Place("request", (), refusals, omissions, records=records)
            root = Root(content.shape, place, called, method, told)
            if method in self._changes and () not in part.places:
                root = self._with_made(root, key, f"request {media}")
            self._add(key, f"request {media}", content, root)
        for status, answer in sorted(operation.answers.items()):
            called = Called(ERROR, ERRORS) if status >= 400 else Called(name, topic, whole)
            for media, content in sorted(answer.contents.items()):
                part = self._part(key, str(status))
                content, told = with_declared(content, part, "response", self._style.unexercised)
                refusals = told_of(content.shape, choices, self._kin.orders)
                place = Place("response", (), refusals, records={*told})
                root = Root(content.shape, place, called, models=told)
                root = as_problem(root, self._problem) if media == PROBLEM_JSON else root
                self._add(key, f"{status} {media}", content, root)

    def _with_made(self, root: Root, key: str, which: str) -> Root:
        """A body with what the POST takes that makes what is changed, which was met before, as its path is shorter."""
        for maker in makers(key):
            number = self._numbers.get((maker, which))
            if number is not None and () not in self._part(maker, "request").places:
                made = self._roots[number]
                return root if refuses_some(self._operations[key], made) else with_made(root, made)
        return root

    def _part(self, key: str, name: str) -> Part:
        return self._declared.get(key, {}).get(name, NOTHING)

    def _about(self, template: str) -> Iterator[Shape]:
        """What is answered about the collection of a path, where no model says what it is."""
        for key in self._resources.about(template):
            for status, answer in self._operations[key].answers.items():
                if status < 300 and () not in self._part(key, str(status)).places:
                    yield from (content.shape for content in answer.contents.values())

    def _sent_about(self, template: str) -> Iterator[Shape]:
        """What requests about the collection of a path have, where no model says what it is."""
        for key in self._resources.about(template):
            if () not in self._part(key, "request").places:
                yield from (content.shape for content in request_contents(self._operations[key]).values())

    def _given(self, key: str) -> Iterator[Content]:
        """What an operation answers, and what is read at its path."""
        for each in {key, f"GET {key.partition(' ')[2]}"} & self._operations.keys():
            for status, answer in self._operations[each].answers.items():
                if status < 300:
                    yield from answer.contents.values()

    def _add(self, key: str, which: str, content: Content, root: Root) -> None:
        if content.shape.count and (not content.unreadable or content.family in ("lines", "events")):
            self._numbers[key, which] = len(self._roots)
            self._roots.append(root)

    # What is written --------------------------------------------------------------------------------------------------

    def _operation(self, key: str, operation: Operation) -> Document:
        template = key.partition(" ")[2]
        written = heading(operation, key, self._ids[key], self._documented.get(key, UNDOCUMENTED))
        told = told_in(self._declared.get(key, {}), "path")
        found = parameters(operation, template, self._security.places, self._kin, told)
        found = [noted_parameter(each, self._declared.get(key, {}), operation) for each in found]
        if self._style.evidence:
            found = [{**each, "x-mirror": {"samples": sent(operation, each["in"], each["name"])}} for each in found]
        if found:
            written["parameters"] = found
        body = self._request_body(key, operation)
        if body is not None:
            written["requestBody"] = body
        written["responses"] = {
            status_key(status): self._response(key, status, operation.answers[status])
            for status in sorted(operation.answers)
        }
        if all(name.startswith("x-") for name in written["responses"]):
            written["responses"]["default"] = {"description": "A status that OpenAPI has no key for"}
        needed = self._security.of(key)
        if needed is not None:
            written["security"] = needed
        if operation.graphql:
            written["x-graphql"] = {name: graph(operation.graphql[name]) for name in sorted(operation.graphql)}
        if self._style.evidence:
            tests = sorted({test for answer in operation.answers.values() for test in answer.tests[:LISTED_TESTS]})
            written["x-mirror"] = {"samples": operation.count} | ({"tests": tests} if tests else {})
        return written

    def _request_body(self, key: str, operation: Operation) -> Document | None:
        contents = request_contents(operation)
        if not contents:
            return None
        written: Document = {
            "content": {
                media or "application/octet-stream": self._content(key, f"request {media}", contents[media], operation)
                for media in sorted(contents)
            }
        }
        accepted = operation.requests.get("accepted")
        refusal = operation.refusals.get("body")
        if accepted is not None and accepted.bodiless:
            return written
        said = self._part(key, "request").places.get(())
        if said is not None and said.presence:
            return {"required": True, **written} if said.presence == "required" else written
        if (accepted is not None and accepted.count > 1) or (refusal is not None and refusal.missing):
            return {"required": True, **written}
        return written

    def _response(self, key: str, status: int, answer: Answer) -> Document:
        said = self._documented.get(key, UNDOCUMENTED).answers
        written: Document = {"description": said.get(str(status)) or phrase(status)}
        headers = usual(answer.headers, answer.count)
        if headers:
            written["headers"] = {
                cased(name): {"schema": field_schema(headers[name], name)} for name in sorted(headers)
            }
        if answer.contents:
            written["content"] = {
                media or "application/octet-stream": self._content(
                    key, f"{status} {media}", answer.contents[media], None
                )
                for media in sorted(answer.contents)
            }
        if self._style.evidence:
            tests = answer.tests[:LISTED_TESTS]
            written["x-mirror"] = {"samples": answer.count} | ({"tests": tests} if tests else {})
        return written

    def _content(self, key: str, which: str, content: Content, operation: Operation | None) -> Document:
        written: Document = {}
        number = self._numbers.get((key, which))
        schema = None if number is None else self._components.schema(number)
        match content.family:
            case "lines" | "events":
                written["schema"] = {"type": "string"}
                if schema is not None:
                    written["x-item-schema"] = schema
                if content.events and is_complete(content.events):
                    written["x-events"] = sorted(content.events)
            case "form" | "multipart":
                said = self._part(key, "request")
                is_closed = bool(said.places) or not self._style.unexercised
                written["schema"] = form_schema(content, operation, is_closed)
                if operation is not None:
                    written["schema"] = noted_form(written["schema"], said, operation)
            case _ if schema is not None:
                written["schema"] = schema
            case "binary" | "packed":
                written["schema"] = {"type": "string", "format": "binary"}
            case _:
                written["schema"] = {} if content.family == "json" else {"type": "string"}
        if self._style.examples and (shown := dict(examples(content, written["schema"]))):
            written["examples"] = shown
        return written

    def _add_unexercised(self, paths: Document) -> None:
        for key, operation in self._uncalled.items():
            method, _, template = key.partition(" ")
            said = self._documented.get(key, UNDOCUMENTED)
            written = uncalled(operation, key, self._ids[key], self._security.places, self._kin, said)
            if "parameters" in written:
                parts = self._told_uncalled.get(key, {})
                written["parameters"] = [noted_parameter(each, parts, operation) for each in written["parameters"]]
            if (needed := self._security.of(key)) is not None:
                written["security"] = needed
            if self._style.evidence:
                written["x-mirror"] = {"samples": 0}
            paths.setdefault(template, {})[method.lower()] = written


def order(key: str) -> tuple[str, int, str]:
    method, _, template = key.partition(" ")
    place = METHODS.index(method.lower()) if method.lower() in METHODS else len(METHODS)
    return template, place, method

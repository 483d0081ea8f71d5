"""On what a learned fact stands: ``GET /orders/{order_id} 200 #/total`` in words.

GET /orders/{order_id}                   the operation
GET /orders/{order_id} 200               one of its responses
GET /orders/{order_id} 200 #/lines/*/sku a value in its body (RFC 6901; ``*`` or a number for elements)
POST /orders request #/lines             a value in the request's body
GET /orders query limit                  a parameter, by its place and name
GET /orders security                     what it asks for: which credentials were accepted, and which refused
Order #/lines                            a value in a component, at each place where it stands
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TypeVar

from mirror.errors import LearnError
from mirror.exchange import Declaration
from mirror.openapi import evidence
from mirror.openapi.answered import reads_with_marshmallow, told_by_answers
from mirror.openapi.asked import matched, near_operations, places, stands
from mirror.openapi.declared_parts import NOTHING, Part, declared_of
from mirror.openapi.document import Style, openapi
from mirror.openapi.evidence import (
    LISTED_TESTS,
    MOST_TESTS,
    Answer,
    Content,
    Operation,
    Refusal,
    Requests,
    below,
    request_contents,
)
from mirror.openapi.groups import shapes_at
from mirror.openapi.kin import kin_of, told_of
from mirror.openapi.merging import copy
from mirror.openapi.model import Service
from mirror.openapi.said import named
from mirror.openapi.shape import Shape
from mirror.openapi.strings import MIXED
from mirror.openapi.texts import Texts
from mirror.openapi.uncalled import uncalled_operations

Said = TypeVar("Said", Declaration, Refusal)

MOST_PLACES = 20
"""Places of a component that are told."""
PLACES = ("path", "query", "header", "cookie")
BECAME = {"accepted": "accepted", "refused": "refused", "other": "answered otherwise (401, 403, 404, 409, 5xx ...)"}
"""What became of requests, in words (mirror.openapi.evidence)."""


def explain(service: Service, question: str, is_there: bool = False) -> list[str]:
    """The evidence for one fact, a line each. ``is_there`` tells that a document has the value, whoever has shown it.
    Raises LearnError where the question names nothing that was seen."""
    asked = question.split(maxsplit=2)
    if not asked:
        raise LearnError("it asks about nothing: name an operation, 'GET /orders', or a component, 'Order'")
    if len(asked) == 1 or asked[1].startswith("#"):
        return list(of_component(service, *asked[:2]))
    operations = service.operations()
    uncalled = dict(uncalled_operations(service.known, operations))
    key, rest = f"{asked[0].upper()} {asked[1]}", asked[2] if len(asked) > 2 else ""
    if key not in operations:
        key = matched(key, operations | uncalled)
    operation = operations.get(key, uncalled.get(key))
    if operation is None:
        raise LearnError(f"{key} was not seen{meant(near_operations(key, operations | uncalled))}")
    which, _, what = rest.partition(" ")
    what = what.strip()
    part = declared_of(service.known, [key]).get(key, {}).get(which, NOTHING)
    if key in uncalled:
        what = what.lower() if which == "header" else what
        return list(of_uncalled(key, operation, part, [what] if which in PLACES else steps_of(what)))
    if not which:
        return list(of_operation(key, operation))
    if which == "security":
        return list(of_security(key, operation))
    if which in PLACES:
        said = part.places.get((what.lower() if which == "header" else what,))
        told = of_others(operations, operation, f"{which} {what.lower() if which == 'header' else what}")
        return [*of_parameter(key, operation, which, what, said is not None), *told, *of_declaration(said)]
    found = said_of(part.places, steps_of(what)) if what else ()
    declared = [line for kind, said in found for line in of_declaration(said, kind)]
    is_there = is_there or bool(declared)
    if which == "request":
        more = [*of_others_on_request(operations, key, steps_of(what)), *declared] if what else []
        above = [f"{key} request, what else is said of {what}:"] if more else []
        return [*of_request(key, operation, what, is_there), *above, *more]
    if which.isdecimal() and int(which) in operation.answers:
        return [*of_answer(f"{key} {which}", operation.answers[int(which)], what, is_there), *declared]
    seen = ", ".join(str(status) for status in sorted(operation.answers))
    raise LearnError(f"{key}: {which!r} was not seen: ask for one of {seen}, request, security, {', '.join(PLACES)}")


def of_component(service: Service, name: str, pointer: str = "") -> Iterator[str]:
    """What a component stands on, place by place."""
    document = openapi(service, Style(evidence=False, examples=False, unexercised=False))
    schemas = named(named(document, "components"), "schemas")
    if name not in schemas:
        hint = meant(near_operations(f"GET {name}", service.operations())) if name.startswith("/") else ""
        hint = hint or near(name, schemas) or near(name.capitalize(), schemas)
        ask = (
            "a method and a path, such as 'GET /orders/{order_id} 200 #/total', or a component, such as 'Order #/total'"
        )
        raise LearnError(f"{name!r} was not seen{hint or f': ask for {ask}'}")
    is_there = stands(schemas[name], steps_of(pointer), schemas)
    found = places(name, document)
    yield f"{name}: stands at {several(len(found), 'place')}"
    for key, which, above in found[:MOST_PLACES]:
        whole = (above + pointer.removeprefix("#")).removesuffix("/")
        yield from (f"  {line}" for line in explain(service, f"{key} {which} {whole}", is_there))
    if len(found) > MOST_PLACES:
        yield f"  and {len(found) - MOST_PLACES} more"


def several(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"


def of_security(key: str, operation: Operation) -> Iterator[str]:
    for scheme, seen in sorted(operation.credentials.items()):
        told = f"{seen.accepted} accepted, {seen.denied} denied (401, 403), {seen.other} answered otherwise"
        yield f"{key} security, {f'with {scheme}' if scheme else 'without credentials'}: {told}"
    if operation.challenges:
        yield f"  challenged with {', '.join(sorted(operation.challenges))}"


def of_operation(key: str, operation: Operation) -> Iterator[str]:
    yield f"{key}: {several(operation.count, 'sample')}"
    for status in sorted(operation.answers):
        yield f"  {status}: {several(operation.answers[status].count, 'sample')}{tests(operation.answers[status])}"
    for endpoint in sorted(operation.endpoints):
        yield f"  endpoint {endpoint}"


def of_uncalled(key: str, operation: Operation, part: Part, steps: list[str]) -> Iterator[str]:
    yield f"{key}: no test called it; it is listed because of its route"
    for endpoint in sorted(operation.endpoints):
        yield f"  endpoint {endpoint}"
    found = list(said_of(part.places, steps))
    for kind, said in found:
        yield from of_declaration(said, kind)
    if any(steps) and not found:
        yield f"  {'/'.join(steps)}: nothing is declared of it"


def of_answer(name: str, answer: Answer, pointer: str, is_there: bool) -> Iterator[str]:
    yield f"{name}: {several(answer.count, 'sample')}{tests(answer)}"
    yield from of_contents(answer.contents, pointer, is_there)


def of_request(key: str, operation: Operation, pointer: str, is_there: bool) -> Iterator[str]:
    for fate, requests in sorted(operation.requests.items()):
        samples = several(requests.count, "sample")
        yield f"{key} request, {BECAME[fate]}: {samples}, {requests.bodiless} without a body"
        yield from of_contents(requests.contents, pointer, is_there)


def of_others_on_request(operations: Mapping[str, Operation], key: str, steps: list[str]) -> Iterator[str]:
    """What answers and refusals say of a value in the request: those of the operation, and of others that are about
    the same collection."""
    operation = operations[key]
    bodies = request_contents(operation)
    told = told_by_answers(bodies, operation, not reads_with_marshmallow(operations))
    pointer = ["*" if step.isdecimal() else step for step in steps]
    more = {kind for media in bodies for kind in kinds_at(told[media], pointer) - kinds_at(bodies[media], pointer)}
    if more:
        yield f"    in answers: {' or '.join(sorted(more))} as well"
    own = {tuple(place.split("/")): said for place, said in below(operation.refusals, "body").items()}
    own |= {(): operation.refusals["body"]} if "body" in operation.refusals else {}
    for kind, refusal in said_of(own, steps):
        yield f"    {f'where {kind}: ' if kind else ''}{of_refusal(refusal)}"
    choices = kin_of(operations).choices_at(key.partition(" ")[2])
    choosing = {place: said for each in bodies.values() for place, said in told_of(each.shape, choices).items()}
    kin = choosing.get("/".join(pointer))
    if kin is not None and kin.choices and tuple(pointer) not in own:
        yield f"    of other operations: choices: {', '.join(sorted(kin.choices))}"


def kinds_at(content: Content, pointer: list[str]) -> set[str]:
    return {kind for shape in shapes_at(content.shape, pointer) for kind in shape.kinds}


def of_contents(contents: Mapping[str, Content], pointer: str, is_there: bool) -> Iterator[str]:
    for media in sorted(contents):
        content = contents[media]
        bodies = "1 body" if content.count == 1 else f"{content.count} bodies"
        yield f"  {media or 'no media type'}: {bodies}, {content.unreadable} unreadable"
        if not pointer:
            continue
        steps = steps_of(pointer)
        name = steps[0] if len(steps) == 1 else ""
        field, file = content.fields.get(name), content.files.get(name)
        if field is not None:
            yield f"    {pointer}: {of_texts(field, content.count)}"
        if file is not None:
            yield f"    {pointer}: {of_file(file, content.count)}"
        if content.fields or content.files:
            if field is None and file is None:
                yield f"    {pointer}: not seen{'' if is_there else near(name, {*content.fields, *content.files})}"
        else:
            yield from (f"    {line}" for line in of_pointer(content.shape, pointer, steps, is_there))


def steps_of(pointer: str) -> list[str]:
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.removeprefix("#").split("/")[1:]]


def said_of(told: Mapping[tuple[str, ...], Said], steps: list[str]) -> Iterator[tuple[str, Said]]:
    """What was said at a pointer: of all that stands there, and of each kind of objects that a member of theirs tells
    apart (``mode=a``)."""
    asked = ["*" if step.isdecimal() else step for step in steps]
    for pointer, said in sorted(told.items(), key=lambda each: each[0]):
        tags = [step for step in pointer if step.startswith("=")]
        is_kind = pointer[-1:] == tuple(tags[-1:]) != ()
        if [step for step in pointer if step not in tags] == asked and not is_kind:
            yield ", ".join(tag.lstrip("=") for tag in tags), said


def of_declaration(said: Declaration | None, kind: str = "") -> Iterator[str]:
    """What the framework's model says of it, or of it in one kind of objects."""
    if said is not None:
        words = [said.presence, " or ".join(said.kinds), said.format and f"of the format {said.format}"]
        words += [
            "" if not said.choices else f"one of {', '.join(said.choices)}",
            said.model and f"called {said.model}",
            *(f"{word} {text}" for word, text in said.notes if word != "model"),
        ]
        yield f"    declared{f' where {kind}' if kind else ''}: {'; '.join(word for word in words if word)}"


def of_pointer(shape: Shape, pointer: str, steps: list[str], is_there: bool) -> Iterator[str]:
    """The values at a pointer, and in how many of the objects around it they were."""
    owner = shape.count
    for step in steps:
        below: Shape | None = None
        if shape.arrays is not None and (step == "*" or step.isdecimal()):
            below = shape.arrays.items
            owner = below.count
        elif shape.objects is not None:
            owner = shape.objects.count
            known = shape.objects.joined().members
            below = shape.objects.values or known.get(step)
            if below is None and step == "*":  # the values of what is written as a map
                below = Shape()
                for member in known.values():
                    below.merge(copy(member))
                owner = below.count
        if below is None:
            yield f"{pointer}: not seen{'' if is_there else near(step, members(shape))}"
            return
        shape = below
    yield f"{pointer}: in {shape.count} of {several(owner, 'sample')}: {of_shape(shape)}"


def members(shape: Shape) -> list[str]:
    return [] if shape.objects is None else list(shape.objects.joined().members)


def of_shape(shape: Shape) -> str:
    said = [" or ".join(sorted(shape.kinds)) or "nothing"]
    strings = shape.strings
    if strings is not None and strings.format not in (None, MIXED):
        said.append(f"all strings are {strings.format}")
    if strings is not None and strings.values is not None:
        said.append(f"{len(strings.values)} distinct: {', '.join(map(repr, sorted(strings.values)))}")
    if shape.arrays is not None:
        said.append(f"{shape.arrays.least} to {shape.arrays.most} elements")
    if shape.objects is not None and shape.objects.variants is not None:
        said.append(f"{len(shape.objects.variants)} distinct sets of members")
    return "; ".join(said)


def of_parameter(key: str, operation: Operation, place: str, name: str, found: bool) -> Iterator[str]:
    for fate, requests in sorted(operation.requests.items()):
        texts = parameters_at(requests, place).get(name.lower() if place == "header" else name)
        if texts is not None:
            found = True
            yield f"{key} {place} {name}, {BECAME[fate]}: {of_texts(texts, requests.count)}"
    refusal = operation.refusals.get(f"{place} {name}")
    if refusal is not None:
        yield of_refusal(refusal)
    elif not found:
        names = {each for requests in operation.requests.values() for each in parameters_at(requests, place)}
        raise LearnError(f"{key}: the {place} parameter {name!r} was not seen{near(name, names)}")


def of_others(operations: Mapping[str, Operation], own: Operation, place: str) -> Iterator[str]:
    """What refusals of other operations say of a parameter that this one has refused nothing for."""
    told = kin_of(operations).refusals.get(place)
    if told is not None and place not in own.refusals:
        yield f"of other operations: {of_refusal(told)}"


def parameters_at(requests: Requests, place: str) -> dict[str, Texts]:
    found: dict[str, Texts] = getattr(requests.parameters, place)
    return found


def of_texts(texts: Texts, count: int) -> str:
    said = [f"in {texts.present} of {several(count, 'sample')}", f"texts like {' or '.join(sorted(texts.forms))}"]
    if texts.values is not None:
        said.append(f"{len(texts.values)} distinct: {', '.join(map(repr, sorted(texts.values)))}")
    return "; ".join(said)


def of_file(file: evidence.Part, count: int) -> str:
    said = [f"in {file.count} of {several(count, 'sample')}", "a file"]
    if file.repeated:
        said.append(f"{several(file.repeated, 'time')} several of them")
    if file.types:
        said.append(f"called {', '.join(sorted(file.types))}")
    return "; ".join(said)


def of_refusal(refusal: Refusal) -> str:
    said = [f"named by {several(refusal.count, 'refusal')}", f"{several(refusal.missing, 'time')} as missing"]
    if refusal.types:
        said.append(f"expected: {', '.join(sorted(refusal.types))}")
    if refusal.choices:
        said.append(f"choices: {', '.join(sorted(refusal.choices))}")
    if refusal.doubtful:
        said.append(f"{several(refusal.doubtful, 'time')} with choices that may not be all")
    return "; ".join(said)


def tests(answer: Answer) -> str:
    """The tests that got it, the first of them by their names; how many more there are, as far as they are kept."""
    if not answer.tests:
        return ""
    more = len(answer.tests) - LISTED_TESTS
    beyond = "at least " if len(answer.tests) == MOST_TESTS else ""
    return f" ({', '.join(answer.tests[:LISTED_TESTS])}{f' and {beyond}{more} more' if more > 0 else ''})"


def near(name: str, names: Iterable[str]) -> str:
    """Which of the names that were seen might have been meant."""
    return meant(difflib.get_close_matches(name, list(names), 3, 0.5))


def meant(names: Collection[str]) -> str:
    return f": did you mean {' or '.join(names)}?" if names else ""

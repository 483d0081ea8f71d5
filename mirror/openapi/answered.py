"""What answers say of the requests that they answer.

An application that has taken a thing in shows it: what stands in its answer under the name of a member of the request
is what became of that member. So

  * whole numbers that come back with a fraction (``8``, ``8.0``) are numbers;
  * a member that was left out and comes back as null may be null in requests too: that is what it is when nothing is
    said of it. Not so where a refusal was about a null at that place, and not where marshmallow reads the requests
    (flask-smorest, APIFlask, or its own sentences in what an application answers): there what may be left out is
    nothing then, and null is refused unless it is allowed apart;
  * choices that a refusal names and that may be words or integers (``1, 2``) are integers where those come back;
  * objects whose members are all members of the thing are changes of it, whichever come and go, and no maps;
  * what is a map in answers about the same collection is one in requests, of which there may be a single one;
  * what was only ever null in requests is of the kinds that it is of there as well, or in other requests about the
    collection: a test that takes a value away says nothing of those that there are.

Answers are read, never changed, so the order of requests and answers makes no difference (law 8).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from mirror.openapi.evidence import Content, Operation, Refusal
from mirror.openapi.groups import members_in, shapes_at
from mirror.openapi.known_errors import OF_MARSHMALLOW, known_error
from mirror.openapi.maps import are_alike, is_map
from mirror.openapi.merging import copy
from mirror.openapi.shape import Arrays, Members, Objects, Shape
from mirror.openapi.strings import Strings

MARSHMALLOW = frozenset({"Missing data for required field.", "Field may not be null."})
"""What nobody else says."""


def reads_with_marshmallow(operations: Mapping[str, Operation]) -> bool:
    """Whether an error of these operations is one of a framework that reads requests with marshmallow, or has a
    sentence of marshmallow's."""
    return any(
        (each.objects is not None and known_error(each.objects.joined().members) in OF_MARSHMALLOW)
        or says(each, MARSHMALLOW)
        for each in error_bodies(operations)
    )


def error_bodies(operations: Mapping[str, Operation]) -> Iterator[Shape]:
    """The objects that these operations answer with when something is wrong."""
    for operation in operations.values():
        for status, answer in operation.answers.items():
            if status >= 400:
                yield from (each.shape for each in answer.contents.values() if each.shape.objects is not None)


def says(shape: Shape, sentences: Collection[str]) -> bool:
    """Whether one of the sentences stands anywhere in values."""
    texts = [shape.strings] if shape.arrays is None else [shape.strings, shape.arrays.items.strings]
    if any(not (each.values or set()).isdisjoint(sentences) for each in texts if each is not None):
        return True
    return any(says(each, sentences) for each in members_in(shape))


def told_by_answers(contents: dict[str, Content], operation: Operation, nulls: bool) -> dict[str, Content]:
    """The bodies of accepted requests, with what successful answers say of them; ``nulls``: of null as well. Raises
    nothing, changes nothing."""
    answers = [
        content.shape
        for status, answer in operation.answers.items()
        if status < 300
        for content in answer.contents.values()
        if content.shape.count
    ]
    if not answers or not any(content.shape.count for content in contents.values()):
        return contents
    told = {media: copy(content) for media, content in contents.items()}
    refused = frozenset(place for place, refusal in operation.refusals.items() if "null" in refusal.sent)
    learn([content.shape for content in told.values()], answers, nulls, "body", refused)
    return told


def learn(requests: list[Shape], answers: list[Shape], nulls: bool, place: str, refused: Collection[str]) -> None:
    """Add to the evidence of requests, at one ``place`` of theirs, what answers say of it; ``refused`` are the places
    at which a null was refused."""
    if any("number" in answer.kinds for answer in answers):
        for request in requests:
            if "integer" in request.kinds:
                request.kinds.add("number")
    elements = [each.arrays.items for each in requests if each.arrays is not None]
    if elements:
        given = [each.arrays.items for each in answers if each.arrays is not None]
        learn(elements, given, nulls, below(place, "*"), refused)
    sent, shown = groups_of(requests), groups_of(answers)
    count = sum(group.count for group in sent)
    names = {name for group in sent for name in group.members} & {name for group in shown for name in group.members}
    for name in names:
        here = below(place, name)
        mine = [group.members[name] for group in sent if name in group.members]
        theirs = [group.members[name] for group in shown if name in group.members]
        left_out = sum(shape.count for shape in mine) < count
        if nulls and left_out and here not in refused and any("null" in shape.kinds for shape in theirs):
            for shape in mine:
                shape.kinds.add("null")
        learn(mine, theirs, nulls, here, refused)


def below(place: str, step: str) -> str:
    """The place of a member or of the elements, as refusals name it: ``body items/*/qty``."""
    return f"{place}{'/' if ' ' in place else ' '}{step}"


def groups_of(shapes: list[Shape]) -> list[Members]:
    return [group for shape in shapes if shape.objects is not None for group in shape.objects.groups()]


def with_integers(refusals: Mapping[str, Refusal], given: Iterable[Content]) -> dict[str, Refusal]:
    """What was said of the members of requests, by pointers: choices are integers where answers have those there."""
    told = dict(refusals)
    unsaid = [pointer for pointer, each in told.items() if each.choices and not each.types]
    things = [thing for content in given for thing in things_in(content.shape)] if unsaid else []
    for pointer in unsaid:
        kinds = {kind for thing in things for shape in shapes_at(thing, pointer.split("/")) for kind in shape.kinds}
        if kinds - {"null"} == {"integer"}:
            told[pointer] = copy(told[pointer])
            told[pointer].types.add("integer")
    return told


def with_maps(contents: dict[str, Content], answers: Callable[[], Iterable[Shape]]) -> dict[str, Content]:
    """The bodies of requests, maps where ``answers`` about the same collection have maps. Changes nothing."""
    if not any(has_inner(content.shape) for content in contents.values()):
        return contents
    things = [thing for shape in answers() for thing in things_in(shape)]
    told = {media: copy(content) for media, content in contents.items()}
    for content in told.values():
        for sent in things_in(content.shape):
            find_maps(sent, things)
    return told


def has_inner(shape: Shape) -> bool:
    """Whether objects have objects, which may be maps."""
    members = [member for group in groups_of([shape]) for member in group.members.values()]
    return any(each.objects is not None or each.arrays is not None for each in members) or shape.arrays is not None


def things_in(shape: Shape) -> Iterator[Shape]:
    """The things that a body is about: itself, or the elements of a list, or of those in the envelope of a list."""
    if shape.arrays is not None:
        yield shape.arrays.items
    if shape.objects is not None:
        yield shape
        for group in shape.objects.groups():
            yield from (member.arrays.items for member in group.members.values() if member.arrays is not None)


def find_maps(sent: Shape, given: list[Shape]) -> None:
    theirs = groups_of(given)
    for name, member in [each for group in groups_of([sent]) for each in group.members.items()]:
        namesakes = [group.members[name] for group in theirs if name in group.members]
        if namesakes and member.arrays is not None:
            find_maps(member.arrays.items, [each.arrays.items for each in namesakes if each.arrays is not None])
        if not namesakes or member.objects is None or member.objects.values is not None:
            continue
        values = values_of_map(namesakes, name)
        if values and are_alike([*values, *member.objects.joined().members.values()]):
            member.objects.mix()
        else:
            find_maps(member, namesakes)


def with_kinds(contents: dict[str, Content], *others: Callable[[], Iterable[Shape]]) -> dict[str, Content]:
    """The bodies of requests, with the kinds of what others about the same collection have where these have only null:
    of the first that have anything else there. Changes nothing."""
    if not any(has_nulls(content.shape) for content in contents.values()):
        return contents
    told = {media: copy(content) for media, content in contents.items()}
    for bodies in others:
        things = [thing for shape in bodies() for thing in things_in(shape)]
        for content in told.values():
            for sent in things_in(content.shape):
                find_kinds(sent, things)
    return told


def has_nulls(shape: Shape) -> bool:
    return shape.kinds == {"null"} or any(map(has_nulls, members_in(shape)))


def find_kinds(sent: Shape, given: list[Shape]) -> None:
    for name, member in [each for group in groups_of([sent]) for each in group.members.items()]:
        namesakes = [group.members[name] for group in groups_of(given) if name in group.members]
        if member.kinds == {"null"}:
            take_kinds(member, namesakes)
        elif member.arrays is not None:
            find_kinds(member.arrays.items, [each.arrays.items for each in namesakes if each.arrays is not None])
        else:
            find_kinds(member, namesakes)


def take_kinds(shape: Shape, given: list[Shape]) -> None:
    """Let values be of the kinds, and texts of the format, of others; nothing else of those is true of them."""
    for each in given:
        shape.kinds |= each.kinds
        if each.strings is not None:
            shape.strings = shape.strings or Strings()
            shape.strings.merge(Strings(format=each.strings.format))
        if each.objects is not None:
            shape.objects = shape.objects or Objects()
        if each.arrays is not None:
            shape.arrays = shape.arrays or Arrays()
            take_kinds(shape.arrays.items, [each.arrays.items])


def values_of_map(shapes: Iterable[Shape], name: str) -> list[Shape]:
    """The values of the maps that shapes are together; none where they are no maps."""
    whole = Objects()
    for shape in shapes:
        if shape.objects is not None:
            whole.merge(copy(shape.objects))
    if whole.values is not None:
        return [whole.values]
    members = whole.joined()
    return list(members.members.values()) if is_map(members, whole, name) else []


def comes_back(content: Content, given: Iterable[Content]) -> bool:
    """Whether all members of the objects of requests are members of one thing in answers, which is no map itself."""
    sent = content.shape.objects
    if sent is None or sent.values is not None:
        return False
    names = sent.joined().members.keys()
    for each in given:
        objects = each.shape.objects
        if objects is None or objects.values is not None:
            continue
        whole = objects.joined()
        if names <= whole.members.keys() and not is_map(whole, objects):
            return True
    return False

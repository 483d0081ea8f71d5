"""Components: objects that look the same in several places become one schema with a name.

All objects in bodies are *sites*. Sites that have the same members, of kinds that go together, and are about the same
(mirror.openapi.topics) are one component. What is known of one is known of all: that a member may be null in a list is
learned from the single view as well. Requests are kept apart from responses, and those of PATCH from others, because a
PATCH may leave out what a POST may not.

Only what is referred to is written, and has a name.

A reference has to hold for every value at its place (law 9). So a place refers to a component only where all sites at
that place, of all bodies that are written as one, are of that component. A tree whose children look like itself comes
to refer to itself by the same rule.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial
from typing import NamedTuple

from msgspec.structs import replace

from mirror.openapi.evidence import Refusal
from mirror.openapi.gathering import TAGGED, Gathering, Pointer, Site
from mirror.openapi.group import Group, held_by, is_inner, name_groups
from mirror.openapi.groups import WORDS, WRAPPED, Tagged, has_own_id, is_wrapper, variants
from mirror.openapi.known_errors import known_error
from mirror.openapi.maps import map_values
from mirror.openapi.merging import copy
from mirror.openapi.naming import of_one, pascal, singular
from mirror.openapi.place import Place, below_all
from mirror.openapi.schema import NOTHING, Schema, Schemas
from mirror.openapi.shape import Members, Objects, Shape
from mirror.openapi.topics import NOTHING_SAID, Topic, is_no_chance, of_member

Owners = tuple[Site, ...]
"""Where something stands: several where components nest."""
ByMembers = dict[tuple[str, str, str, tuple[str, ...]], dict[str, dict[int, None]]]
"""Groups by their members and what they are about."""


class Called(NamedTuple):
    """What an object is called, and what it is about; ``whole`` is what it is called where it is no element, ``above``
    the members of the object that it stands in, and what that is called and is about."""

    name: str
    topic: Topic
    whole: str = ""
    above: tuple[Collection[str], str, Topic] = (), "", NOTHING_SAID

    def of(self, members: Collection[str]) -> Called:
        """The same for an object with these members: one like that which it stands in is of a tree."""
        around, name, topic = self.above
        return self._replace(name=name, topic=self.topic.joined(topic)) if members == around else self


class Root(NamedTuple):
    """A body: its evidence, where it stands, what an object in it is called and is about, and of a request the method.
    ``models`` are what the framework calls the objects at places in it."""

    shape: Shape
    place: Place
    called: Called
    method: str = ""
    models: Mapping[Pointer, str] = {}


class Components:
    """The components of all bodies of a document.

    ``schema`` gives the schema of a root, ``schemas`` all components by name.
    """

    def __init__(
        self, roots: Iterable[Root], evidence: bool = False, choices: Mapping[str, frozenset[str]] = NOTHING
    ) -> None:
        self._schemas = Schemas(self._refer, evidence, choices, self._alternatives)
        self._roots = list(roots)
        self._found = Gathering()
        by_members: ByMembers = {}
        # Owners are numbered: groups upwards from 0, roots downwards from -1.
        for number, root in enumerate(self._roots):
            self._walk(root.shape, root, root.place, root.called, ((-1 - number, ()),), by_members)
        self._found.unite()
        self._found.adopt()
        self._found.fold()
        self._used: set[int] = set()
        self._find_used()
        name_groups(self._found.groups[number] for number in sorted(self._used))

    def schema(self, number: int) -> Schema:
        """The schema of a root, by its position among them."""
        root = self._roots[number]
        return self._schemas.schema(root.shape, root.place._replace(owner=-1 - number))

    def schemas(self, docs: Mapping[str, str]) -> dict[str, Schema]:
        """The components by name; ``docs`` is what the framework's models say of themselves, by their names."""
        made = [(self._found.groups[number], self._component(number)) for number in self._used]
        return dict(sorted((group.name, group.described(each, docs)) for group, each in made))

    def _component(self, number: int) -> Schema:
        group = self._found.groups[number]
        records = [()] if group.is_record else []
        place = Place(group.maker, (), group.refusals, group.omissions, number, records, group.always)
        tag = group.variant.partition("=")[0]
        written = self._schemas
        return written.variant(group.objects, place, tag) if tag else written.component(group.objects, place)

    def _find_used(self) -> None:
        """Find out what is referred to, by writing everything once."""
        for number in range(len(self._roots)):
            self.schema(number)
        written: set[int] = set()
        while self._used - written:
            for number in self._used - written:
                written.add(number)
                self._component(number)

    def _refer(self, shape: Shape, place: Place) -> Schema | None:
        groups = self._found.links.get((place.owner, place.pointer), set())
        if len(groups) != 1 or min(groups) < 0 or self._is_in_doubt(place):
            return None
        number = next(iter(groups))
        if not self._found.groups[number].joined().members:
            return None
        self._used.add(number)
        return {"$ref": f"#/components/schemas/{self._found.groups[number].name}"}

    def _is_in_doubt(self, place: Place) -> bool:
        """Whether a place is below objects that are maps at some of their sites and none at others. Then not all values
        were met under the pointer by which they are written."""
        above = (self._found.judged.get((place.owner, place.pointer[:length])) for length in range(len(place.pointer)))
        return any(each is not None and len(each) > 1 for each in above)

    def _alternatives(self, tagged: Tagged, place: Place) -> dict[str, str] | None:
        """The references to the components of objects that a member tells apart; None where some of those that stand
        here have been told apart otherwise elsewhere."""
        here = (place.owner, place.pointer)
        if self._found.labels.get(here) != {f"{tagged.name}={label}" for label in tagged.labels} or self._is_in_doubt(
            place
        ):
            return None
        found = {
            label: self._found.links[place.owner, (*place.pointer, f"={tagged.name}={label}")]
            for label in tagged.labels
        }
        known = {number for groups in found.values() for number in groups}
        if len(known) != len(found) or not self._found.links[here] <= {TAGGED, *known}:
            return None
        self._used |= known
        return {
            label: f"#/components/schemas/{self._found.groups[next(iter(groups))].name}"
            for label, groups in found.items()
        }

    def _walk(
        self,
        shape: Shape,
        root: Root,
        place: Place,
        called: Called,
        above: Owners,
        by_members: ByMembers,
    ) -> None:
        def below(
            inner: Shape, step: str, called: Called, owners: Owners, root: Root = root, place: Place = place
        ) -> None:
            deeper = tuple((owner, (*pointer, step)) for owner, pointer in owners)
            called = called._replace(whole="") if step == "*" else called
            self._walk(inner, root, place.at(step), called, deeper, by_members)

        if shape.arrays is not None:
            below(shape.arrays.items, "*", called, above)
            for at, position in enumerate(shape.arrays.positions or ()):
                below(position, str(at), called, above)
        objects = shape.objects
        if objects is None:
            return
        tagged = variants(objects, place.maker)
        values = map_values(objects, place.own_name, place.is_record) if tagged is None else None
        whole = objects.joined()
        is_kind = tagged is None and values is None
        called = called.of(whole.members.keys())
        own = called._replace(name=called.whole or of_one(called.name, place.own_name))
        number = self._group(objects, root, place, own, by_members) if is_kind else -1
        if number >= 0:
            self._found.homes.setdefault(number, set()).add(above[-1])
        for link in above:
            self._found.links.setdefault(link, set()).add(number if tagged is None else TAGGED)
            if values is not None or whole.members:
                self._found.judged.setdefault(link, set()).add(values is not None)
        owners = above if number < 0 else (*above, (number, ()))
        if values is not None:
            below(values, "*", called, owners)
            return
        if tagged is not None:
            for group, label in zip(tagged.groups, tagged.labels, strict=True):
                variant = Objects(group.count, None, group)
                which = f"{tagged.name}={label}"
                one = own._replace(name=f"{pascal(label.partition(WORDS)[0])}{own.name}")
                kind = place.of_kind(tagged, group)
                number = self._group(variant, root, kind, one, by_members, which)
                for owner, pointer in above:
                    self._found.links.setdefault((owner, (*pointer, f"={which}")), set()).add(number)
                    self._found.labels.setdefault((owner, pointer), set()).add(which)
                # Models are known by the kinds that they are in; what is below them is met by its own names.
                known = below_all(root.models, (*place.pointer, f"={which}"))
                models = {**root.models, **{pointer: root.models[told] for pointer, told in known.items()}}
                inside = partial(below, root=root._replace(models=models), place=place._replace(records=kind.records))
                self._below(group, called, (*above, (number, ())), inside)
            return
        self._below(whole, called, owners, below, place.maker)

    def _below(
        self,
        group: Members,
        called: Called,
        owners: Owners,
        below: Callable[[Shape, str, Called, Owners], None],
        maker: str = "request",
    ) -> None:
        """Go on to the members of objects."""
        known = known_error(group.members) if maker == "response" else None
        for member_name, member in sorted(group.members.items()):
            if known is not None and member_name in known.members:
                continue
            # It says nothing of what it holds.
            says_nothing = member_name in WRAPPED and maker == "response" and not has_own_id(group)
            counts = says_nothing or member_name[:1].isdigit()
            one = pascal(singular(member_name)) or called.name
            own = Called(one, of_member(member_name), above=(group.members.keys(), called.name, called.topic))
            below(member, member_name, called if counts else own, owners)

    def _group(
        self, objects: Objects, root: Root, place: Place, own: Called, by_members: ByMembers, variant: str = ""
    ) -> int:
        """The number of the group that objects belong to."""
        whole = objects.joined()
        is_page = place.maker == "response" and not place.pointer and is_wrapper(whole)
        called = f"{own.name}List" if is_page else own.name
        known = known_error(whole.members) if place.maker == "response" else None
        told = known.members.keys() if known is not None else frozenset[str]()
        members = (known.name,) if known is not None and told else tuple(sorted(whole.members))
        model = root.models.get((*place.pointer, f"={variant}") if variant else place.pointer)
        is_untold = variant.startswith("=")  # told by no member: they are as those of the model are elsewhere
        variant = "" if is_untold else variant
        model = model or (known.component if known is not None else "")
        models = Counter([model] if model else [])
        is_record = place.is_record or is_untold
        method = "PATCH" if root.method == "PATCH" else ""
        # Of requests, those of one model are the same whatever their methods.
        apart = method if not model or place.maker == "response" else f" {model}"
        kept = by_members.setdefault((place.maker, apart, variant, members), {})
        topic = own.topic
        if known is not None or is_no_chance(members, own.topic is root.called.topic):
            topic = topic.with_word("anything")
        if model:
            topic = topic.with_word(f"model {model}")
        prefix = "".join(f"{step}/" for step in place.pointer)
        refusals = {key.removeprefix(prefix): told for key, told in place.refusals.items() if key.startswith(prefix)}
        omissions = [replace(each, place="body") for each in place.omitted()]
        held = held_by(whole)
        # Objects without members can be of any: they are one with what else stands at their place (see Gathering).
        near = {number for word in topic.sought for number in kept.get(word, ())} if members else set[int]()
        for number in sorted(near):
            group = self._found.groups[number]
            if (not model or not group.models or model in group.models) and group.is_like(whole, held, told):
                for word in topic.own:
                    kept.setdefault(word, {})[number] = None
                group.merge(copy(objects))
                for key, refusal in refusals.items():
                    group.refusals.setdefault(key, Refusal()).merge(refusal)
                group.omissions += omissions
                group.names[called] += 1
                group.models += models
                group.is_record |= is_record
                group.is_inner &= is_inner(root.shape, root.method, place)
                group.always |= place.always
                return number
        refusals = {key: copy(refusal) for key, refusal in refusals.items()}
        made = Group(copy(objects), refusals, omissions, place.maker, method, Counter([called]), models, variant)
        made.is_record, made.is_inner, made.always = is_record, is_inner(root.shape, root.method, place), place.always
        self._found.groups.append(made)
        number = len(self._found.groups) - 1
        for word in topic.own:
            kept.setdefault(word, {})[number] = None
        return number

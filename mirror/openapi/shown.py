"""What was really seen at a place of a document: whether it contradicts what stands there."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from mirror.openapi.fitting import fits
from mirror.openapi.marks import samples_of
from mirror.openapi.meeting import At, Json, Meeting
from mirror.openapi.said import kinds, named
from mirror.openapi.values_seen import Names, Values, Where


class Shown:
    """What the values of one meeting have shown, where they are known (mirror.openapi.values_seen)."""

    def __init__(self, meeting: Meeting) -> None:
        self._meeting = meeting
        self._seen = meeting.shown

    def strays(self, words: list[Any], stands: Json, seen: Json, at: At) -> list[Any] | None:
        """The values that were seen and are not among the words of an enumeration; None where nobody can tell. Where no
        values are known, there may be some if more was seen than by those who call it an enumeration."""
        if self._seen is not None and at.name is not None:
            places = self._seen.places(self._showing(at), (at.part or at.maker, at.name), self._where(at))
            elements = at.pointer.endswith("/items")
            try:
                return self._seen.strays(words, kinds(seen) or (), places, elements)
            except LookupError:
                pass
        most, now = samples_of(stands), samples_of(seen)
        return None if most is not None and now is not None and now > most else []

    def _showing(self, at: At) -> str | None:
        """The operation that shows the values of a place; None for all: a component stands in several."""
        is_shared = at.component or (at.part and at.pointer.startswith("#/components/"))
        return None if is_shared else self._meeting.learned_as

    def _where(self, at: At) -> Where | None:
        """The places in bodies that are as the learned component of a place says, or outside of all; None for any."""
        showing = self._meeting.showing
        return None if at.part or showing is None else showing.where(at.component)

    def places(self, at: At, *member: str) -> list[Values] | None:
        """What was shown at the places of the name, or of a member there: nothing where only a model knows it. None
        where nobody can tell."""
        name = member[0] if member else at.name
        if self._seen is None or name is None or at.part or at.written:
            return None
        return self._seen.places(self._showing(at), (at.maker, name), self._where(at))

    def has_shown(self, told: list[str], shown: list[str], at: At) -> bool:
        """Whether values had other types than those that stand there; a model may only have said so."""
        places = self.places(at)
        if places is None:
            return True
        seen = {kind for each in places for kind in each.kinds}
        return bool(beyond(told, [kind for kind in seen if kind in shown or (kind == "integer" and "number" in shown)]))

    def type_in(self, seen: Json, shown: list[str], at: At) -> Any:
        """The ``type`` of a learned schema, without what only a model has said of it."""
        said, places = seen.get("type", shown), self.places(at)
        really = {kind for each in places or () for kind in each.kinds}
        if "number" in shown and "number" not in really and "integer" in really:
            shown = ["integer" if kind == "number" else kind for kind in shown]
        left = [kind for kind in shown if kind in really]
        if not left or left == said or [said] == left:
            return said
        return left if len(left) > 1 else left[0]

    def format_in(self, shown: str | None, at: At) -> str:
        """The format of a learned schema, where texts had it, and not only a model says so."""
        places = self.places(at)
        is_seen = shown is not None and (places is None or any(shown in each.formats for each in places))
        return shown if is_seen and shown is not None else "text of another format"

    def have_format(self, told: str, at: At) -> bool:
        """Whether all strings that were seen have it, whatever a model says of them."""
        places = self.places(at)
        return places is not None and {form for each in places for form in each.formats} <= {told}

    def seen_among(self, words: list[Any], at: At) -> list[Any]:
        """Those of the words of a learned enumeration that were seen, as far as that is known, not only said."""
        places = self.places(at)
        return words if places is None else [word for word in words if any(each.may_have(word) for each in places)]

    def is_lacking(self, name: str, stands: Json, seen: Json, at: At) -> bool:
        """Whether objects were without a member that they have to have, and not only said to be without it somewhere.
        What is read or written only is not asked of those that the other side makes."""
        member, learned = (named(each, "properties").get(name) for each in (stands, seen))
        only = "readOnly" if at.maker == "request" else "writeOnly"
        if isinstance(member, dict) and member.get(only) is True:
            return False
        if learned is None and samples_of(seen):
            return True  # none of them had it
        if samples_of(learned) is not None and samples_of(learned) == samples_of(seen):
            return False
        places = self.places(at, name)
        return not places or any(each.lacking for each in places)

    def is_without(self, name: str, seen: Json, at: At) -> bool:
        """Whether an accepted object was without a member for sure: one is enough, as it is right."""
        learned, most = named(seen, "properties").get(name), samples_of(seen)
        count = samples_of(learned)
        if at.doubtful:
            return False
        if most and kinds(seen) == ["object"] and (learned is None or count is not None):
            return (count or 0) < most
        keys = self.keys(at)
        return bool(keys) and all(name not in each.always for each in keys or ())

    def fits(self, stands: Json, at: At) -> bool:
        """Whether all texts that were accepted at a place are what stands there; False where nobody can tell."""
        if self._seen is None or at.name is None or not (at.part or at.written) or at.pointer.endswith("/items"):
            return False
        texts = self._seen.texts(self._meeting.learned_as, (at.part or at.maker, at.name))
        return texts is not None and fits(stands, texts, lambda schema: self._meeting.followed(schema)[0])

    def keys(self, at: At) -> list[Names] | None:
        """The names that objects had that were seen, for each place that may be this one; None where nobody knows."""
        if self._seen is None or at.name is None:
            return None
        return self._seen.names(self._showing(at), (at.part or at.maker, at.name), self._where(at))

    def lengths(self, at: At) -> list[tuple[int, int]]:
        """The shortest and the longest array that was seen, for each place that may be this one."""
        if self._seen is None or at.name is None:
            return []
        return self._seen.lengths(self._showing(at), (at.part or at.maker, at.name), self._where(at))


def beyond(told: Collection[str], shown: Collection[str]) -> list[str]:
    """The types among those that were shown which others do not allow."""
    return [kind for kind in shown if kind not in told and not (kind == "integer" and "number" in told)]

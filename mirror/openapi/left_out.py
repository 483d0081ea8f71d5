"""What requests did without: what a document calls required and is not, and what is new to it and need not be there."""

from __future__ import annotations

from mirror.openapi.marks import samples_of
from mirror.openapi.meeting import At, Json, Meeting
from mirror.openapi.said import key_of, kinds

PARAMETERS_ENOUGH = 3
"""Requests that have to be seen before a parameter that is not called required is known to be left out."""
BODIES_ENOUGH = 2

Samples = tuple[int | None, int | None]
"""Those of an operation in the run, and those that stand there."""


class LeftOut:
    """Parameters and bodies of one meeting. An accepted request without one is enough to know that it may be left out;
    where nobody has kept the requests, their number tells."""

    def __init__(self, meeting: Meeting) -> None:
        self._meeting = meeting

    def parameter(self, stands: Json, seen: Json, samples: Samples, own: bool, at: At) -> None:
        """Bring in whether requests had a parameter that some of the run had."""
        place, name = key_of(seen)
        if place != "path":
            enough = "required" in seen or is_enough(samples[0], PARAMETERS_ENOUGH)
            self._compare(stands, seen, samples, own, self._is_lacking(place, name), enough, at)

    def body(self, stands: Json, seen: Json, samples: Samples, own: bool, at: At) -> None:
        """Bring in whether requests had a body; ``seen`` is empty where none had."""
        lacking = self._is_lacking("request", "")
        if seen:
            self._compare(stands, seen, samples, own, lacking, is_enough(samples[0], BODIES_ENOUGH), at)
        elif stands.get("required") is True and lacking:
            self.tell(stands, own, at)

    def _compare(
        self, stands: Json, seen: Json, samples: Samples, own: bool, lacking: bool | None, enough: bool, at: At
    ) -> None:
        if stands.get("required") is not True or seen.get("required") is True:
            return
        now, most = samples
        if lacking or ((now or 0) >= (most or 0) if own else lacking is None and enough):
            self.tell(stands, own, at)

    def was_never_there(self, parameter: Json, seen: set[tuple[str, str]]) -> bool:
        """Whether a parameter is called required and accepted requests were without it; ``seen`` are those that the run
        has described. Members and elements may have names of their own there: ``filter[state]``."""
        place, name = key_of(parameter)
        if parameter.get("required") is not True or place == "path" or not self._is_lacking(place, name):
            return False
        if self._meeting.is_own(parameter, False):
            return True
        types = kinds(self._meeting.followed(parameter.get("schema"))[0] or {})
        spread = types is None or "object" in types or any(other.startswith(f"{name}[") for _, other in seen)
        return not spread

    def new(self, made: Json, operation: Json, place: str, name: str, called: str) -> None:
        """Something new in an operation. If requests of earlier runs did without it, it is not required, unless a
        refusal says so; ``called`` is its name among what was pruned."""
        meeting = self._meeting
        if place == "path" or not samples_of(operation):
            return
        if made.get("required") is not True or called in meeting.pruned:
            return
        if meeting.shown is None or not meeting.shown.is_missed(meeting.learned_as, place, name):
            meeting.is_own(made, False)  # known as such before it changes, so that it is signed as it is then
            del made["required"]

    def tell(self, stands: Json, own: bool, at: At) -> None:
        """What is called required was left out."""
        if own:
            del stands["required"]
            self._meeting.changed(at)
        else:
            self._meeting.conflict(at.to("required"), True, False)

    def _is_lacking(self, place: str, name: str) -> bool | None:
        """Whether an accepted request of the operation was without it (see mirror.openapi.values_seen)."""
        shown = self._meeting.shown
        return shown.is_lacking(self._meeting.learned_as, place, name) if shown is not None else None


def is_enough(samples: int | None, least: int) -> bool:
    return samples is None or samples >= least

"""The judge: a learned OpenAPI document against the declared one, for the operations that were exercised.

    verdict = judge(declared, learned, exchanges)
    verdict.groups["response types"].f1, verdict.mean

It is the same for every learner and does not know which one it judges. For each group of facts (see facts.py):

    right    declared and exercised, and learned
    missed   declared and exercised, and not learned
    wrong    learned, and neither declared nor excused

*Exercised* are the operations that were called, of those the statuses that were answered and the media types that were
sent and answered; and then everything that the declaration says of them, parameters that nobody sent included.

*Excused*, which is neither right nor wrong, is what is learned and

  * declared, but not exercised (a status that no test saw), or deeper in a recursive schema than it is compared;
  * said where the declaration says nothing (a schema that allows anything, an object with undeclared members), if a
    sample has something there;
  * not declared, but proven by an exchange that goes beyond the declaration:
      - an operation that the application answered (other than with 404 and 405);
      - a status and media type that it gave, with all below it, and the media type of a request that it accepted;
      - in responses, members that are there;
      - in responses and accepted requests, the type of a value that the declared type does not allow, and null;
      - credentials without which it said 401 or 403, and with which it did not.

A member that is declared as required but missing from a response of the application is not asked for. A slash at the
end of a template, one more or one less than declared, is no mistake; nor is how it is spelled (``/cafés``,
``/caf%C3%A9s``).

What merely looks so in the samples proves nothing: a format of strings that are declared as plain ones, a choice where
any text is declared, ``required`` for what happened to be always there, or ``integer`` where all numbers were whole
are wrong. So even a perfect learner does not reach 1.0. ``shown`` is a second, milder count, which says how near it
came: it does not ask for what no exchange shows (a parameter never sent, a member never there, a null or choice never
seen, a number that was always whole), and does not blame for what all samples are in keeping with: ``required``,
``integer`` where a number is declared, some of the declared choices. What was learned and is declared counts as right
in both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from benchmarks.accuracy.exercised import Body, Call, Exercised, Key, blanked, exercised, pattern
from benchmarks.accuracy.facts import GROUPS, NAMES, Claims, Fact, claims, slashed
from benchmarks.accuracy.schemas import VALUE, Place, json_type, values_at
from mirror import Exchange

FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}


@dataclass
class Group:
    """The facts of a group, by what became of them."""

    right: set[Fact] = field(default_factory=set)
    missed: set[Fact] = field(default_factory=set)
    wrong: set[Fact] = field(default_factory=set)

    @property
    def precision(self) -> float | None:
        return share(len(self.right), len(self.right) + len(self.wrong))

    @property
    def recall(self) -> float | None:
        return share(len(self.right), len(self.right) + len(self.missed))

    @property
    def f1(self) -> float | None:
        """None where there was nothing to learn and nothing was claimed."""
        return share(2 * len(self.right), 2 * len(self.right) + len(self.wrong) + len(self.missed))


@dataclass
class Verdict:
    """``groups`` is the strict count, ``shown`` the milder one. Both have ``template names``, which is in no mean."""

    groups: dict[str, Group]
    shown: dict[str, Group]

    @property
    def mean(self) -> float:
        return mean(self.groups)

    @property
    def shown_mean(self) -> float:
        return mean(self.shown)


def mean(groups: Mapping[str, Group]) -> float:
    """The mean F1 of the groups that have anything in them."""
    scores = [groups[name].f1 for name in GROUPS]
    counted = [score for score in scores if score is not None]
    return sum(counted) / len(counted) if counted else 0.0


def share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def judge(declared: Mapping[str, Any], learned: Mapping[str, Any], exchanges: Iterable[Exchange]) -> Verdict:
    """Compare two documents, in the light of the exchanges that the one was learned from."""
    seen = exercised(declared, exchanges)
    truth, deep = claims(declared, seen), claims(declared, seen, again=2)
    said = claims(slashed(learned, declared), seen, again=2).facts
    court = Court(seen, truth, deep)
    expected = {fact for fact in truth.facts if court.is_exercised(fact) and not court.is_refuted(fact)}
    wrong = {fact for fact in said - expected if not court.excuses(fact)}
    strict = {name: Group() for name in (*GROUPS, NAMES)}
    mild = {name: Group() for name in (*GROUPS, NAMES)}
    for fact in expected:
        for groups in (strict, mild):
            if fact in said:
                groups[fact.group].right.add(fact)
            elif groups is strict or court.shows(fact):
                groups[fact.group].missed.add(fact)
    for fact in wrong:
        strict[fact.group].wrong.add(fact)
        if not court.cannot_refute(fact):
            mild[fact.group].wrong.add(fact)
    return Verdict(strict, mild)


class Court:
    """What the exchanges and the declaration say of a single fact."""

    def __init__(self, seen: Exercised, truth: Claims, deep: Claims) -> None:
        self._seen = seen
        self._truth = truth
        self._deep = deep
        self._keys = {fact.key for fact in truth.facts if fact.group == "operations"}
        self._shapes = {key.shape for key in seen.seen}

    def is_exercised(self, fact: Fact) -> bool:
        """Whether a declared fact is about what was called, sent and answered."""
        if fact.group == "templates":
            return fact.where in self._shapes
        if fact.group == NAMES:
            return any(blanked(fact.where) == shape for shape in self._shapes)
        if fact.key not in self._seen.seen:
            return False
        if fact.group == "statuses":
            return fact.where in self._seen.seen[fact.key].statuses
        if fact.group == "content types" or fact.group.startswith(("request ", "response ")):
            return bool(self._bodies(fact.key, fact.where))
        return True

    def excuses(self, fact: Fact) -> bool:
        """Whether something learned that is not expected is no mistake."""
        if fact in self._deep.facts:
            return True
        if fact.group in ("templates", NAMES):
            return self._is_beyond(None, blanked(fact.where))
        if fact.key not in self._keys:
            assert fact.key is not None
            return self._is_beyond(fact.key.method, fact.key.shape)
        if fact.key not in self._seen.seen:
            return True  # declared and never called: nothing is known here
        seen = self._seen.seen[fact.key]
        if fact.group == "statuses":
            return fact.where in seen.statuses
        if fact.group == "content types":
            return self._proves_content(fact.key, fact.where)
        if fact.group == "security":
            return decides(fact.where, seen.calls)
        if fact.group == "parameters":
            return decides(f"key {fact.where}", seen.calls)
        if fact.group.startswith("parameter "):
            place = self._truth.places.get((fact.key, fact.where), {}).get("")
            return place.free if place is not None else decides(f"key {fact.where}", seen.calls)
        return self._excuses_value(fact)

    def _is_beyond(self, method: str | None, shape: str) -> bool:
        """Whether the application answered something there that it does not declare."""
        if shape in self._shapes:
            return False
        regex = pattern(shape)
        return any(method in (None, its) and regex.fullmatch(path) for its, path in self._seen.undeclared)

    def _proves_content(self, key: Key, where: str) -> bool:
        request = where.startswith("request ")
        return any(body.accepted or not request for body in self._bodies(key, where))

    def _bodies(self, key: Key | None, where: str) -> list[Body]:
        """The bodies that were seen there."""
        assert key is not None
        side, _, media = where.partition(" ")
        seen = self._seen.seen[key]
        bodies = seen.requests if side == "request" else seen.responses.get(side, [])
        return [body for body in bodies if body.media == media]

    def _values(self, fact: Fact, proving: bool) -> list[Any]:
        """The values in the samples at the place that a fact is about; ``proving``: of accepted requests only."""
        request = fact.where.startswith("request ")
        bodies = self._bodies(fact.key, fact.where)
        usable = [body for body in bodies if body.readable and (body.accepted or not (proving and request))]
        return [value for body in usable for value in values_at(body.value, fact.pointer)]

    def _excuses_value(self, fact: Fact) -> bool:
        assert fact.key is not None
        declared = self._deep.places.get((fact.key, fact.where))
        if declared is None:
            return self._proves_content(fact.key, fact.where)
        values = self._values(fact, proving=True)
        place = declared.get(fact.pointer)
        if place is not None:
            return (place.free and bool(values)) or self._contradicts(fact, place, values)
        above, token = nearest(fact.pointer, declared)
        ancestor = declared[above]
        if ancestor.free or ancestor.roomy:
            return bool(values)
        if fact.where.startswith("request ") or not values:
            return False
        if token == VALUE:
            return "object" not in ancestor.types
        return f"{above}/{VALUE}" not in declared

    def _contradicts(self, fact: Fact, place: Place, values: list[Any]) -> bool:
        """Whether a sample has a value that the declared type does not allow, and that is what was learned."""
        if fact.where.partition(" ")[2] in FORMS:
            return False
        if fact.group.endswith(" nullable"):
            return None in values
        if fact.group.endswith(" types") and fact.value not in place.types:
            allowed = fact.value == "integer" and "number" in place.types
            return not allowed and any(json_type(value) == fact.value for value in values)
        return False

    def is_refuted(self, fact: Fact) -> bool:
        """Whether responses lack what is declared as required."""
        return fact.group == "response required" and self._is_missing_somewhere(fact)

    def _is_missing_somewhere(self, fact: Fact) -> bool:
        above, _, name = fact.pointer.rpartition("/")
        owners = self._values(fact._replace(pointer=above), proving=True)
        return any(isinstance(owner, dict) and not values_at(owner, f"/{name}") for owner in owners)

    def shows(self, fact: Fact) -> bool:
        """Whether the exchanges show what a declared fact is about, so that it can be learned."""
        if fact.key is None or fact.group in ("operations", "statuses", "content types"):
            return True
        seen = self._seen.seen[fact.key]
        if fact.group == "security":
            return any(has_credentials(fact.where, call) for call in seen.calls)
        if fact.group.startswith("parameter"):
            place, _, name = fact.where.partition(" ")
            if place == "path":
                return fact.group != "parameter enums"
            sent = seen.parameters.get((place, name), set())
            return bool(sent) and (fact.group != "parameter enums" or set(fact.value) <= sent)
        values = self._values(fact, proving=False)
        kind = fact.group.partition(" ")[2]
        if kind == "types":
            text = fact.where.partition(" ")[2] in FORMS
            return bool(values) if text else any(json_type(value) == fact.value for value in values)
        if kind == "nullable":
            return None in values
        if kind == "enums":
            return set(fact.value) <= {str(value) for value in values}
        if kind == "formats":
            return any(value is not None for value in values)
        return bool(values)

    def cannot_refute(self, fact: Fact) -> bool:
        """Whether all samples of something declared are in keeping with a wrong claim: that it is required, that it is
        a whole number, or that it is one of some of the declared choices."""
        if fact.key not in self._seen.seen:
            return False
        if fact.group == "parameter required":
            place, _, name = fact.where.partition(" ")
            calls = [call for call in self._seen.seen[fact.key].calls if call.status < 400]
            return bool(calls) and all((place, name) in call.had for call in calls)
        declared = self._deep.places.get((fact.key, fact.where), {}).get(fact.pointer)
        if declared is None:
            return False
        if fact.group.endswith(" enums"):
            return declared.enum is not None and fact.value <= declared.enum
        if fact.group.startswith("parameter "):
            return False
        if fact.group.endswith(" required"):
            return not self._is_missing_somewhere(fact)
        values = self._values(fact, proving=True)
        whole = fact.value == "integer" and "number" in declared.types
        return whole and {json_type(value) for value in values} - {"null"} == {"integer"}


def nearest(pointer: str, declared: Mapping[str, Place]) -> tuple[str, str]:
    """The deepest declared place above one that is not declared, and the next name on the way to it."""
    names = pointer.split("/")
    for length in range(len(names) - 1, 0, -1):
        if "/".join(names[:length]) in declared:
            return "/".join(names[:length]), names[length]
    raise KeyError(pointer)  # the root is always declared


def has_credentials(scheme: str, call: Call) -> bool:
    kind, _, rest = scheme.partition(" ")
    if kind == "http":
        return rest in call.schemes
    place, _, name = rest.partition(" ")
    return (place, name) in call.had


def decides(scheme: str, calls: list[Call]) -> bool:
    """Whether a call without the credentials was denied, and one with them was let in."""
    denied = any(call.status in (401, 403) and not has_credentials(scheme, call) for call in calls)
    return denied and any(call.status not in (401, 403) and has_credentials(scheme, call) for call in calls)

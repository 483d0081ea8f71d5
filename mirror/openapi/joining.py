"""Learned operations brought into a document that people have: which are the same, what is new, what contradicts.

An operation is the same whatever its path parameters are called; a component is the same where the same places refer to
it, whatever it is called there.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from mirror.openapi.left_out import LeftOut
from mirror.openapi.marks import EVIDENCE, OPERATION, facts, samples_of
from mirror.openapi.meeting import At, Json, Meeting
from mirror.openapi.naming import METHODS, free
from mirror.openapi.said import bare, key_of, listed, media_of, named
from mirror.openapi.settling import Settling, operations
from mirror.openapi.templates import Templates, base_of
from mirror.openapi.uncalled import begin, is_uncalled
from mirror.openapi.widening import Widening

VARIABLE = re.compile(r"\{([^{}]*)\}")
FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
ITEM = ("summary", "description", *METHODS)


def method_of(name: str) -> str:
    return name.removeprefix("x-").upper()


class Joining:
    """Joins the two documents of a meeting."""

    def __init__(self, meeting: Meeting) -> None:
        self._meeting = meeting
        self._widening = Widening(meeting)
        self._left_out = LeftOut(meeting)
        self._settling = Settling(meeting, self._widening)
        existing = meeting.existing
        self._paths = existing.get("paths") if isinstance(existing.get("paths"), dict) else None
        self._base = base_of(existing)
        self._templates = Templates(self._paths or (), named(meeting.learned, "paths"), self._base)
        self._ids: set[str] = {
            name
            for item in (self._paths or {}).values()
            for _, operation in operations(item)
            if isinstance(name := operation.get("operationId"), str)
        }

    def join(self) -> None:
        """Join all operations, and the components that they need."""
        meeting = self._meeting
        if "info" in meeting.learned:
            self._info()
        paths = named(meeting.learned, "paths")
        if self._paths is None and paths:
            meeting.put(meeting.existing, "paths", {}, ("openapi", "info", "servers", "security", "paths"))
            self._paths = meeting.existing["paths"]
        order = [self._templates.of(template) for template in paths]
        standing = set(self._paths or ())
        for template, here in zip(paths, order, strict=True):
            for name, _ in operations(paths[template]):
                meeting.called[f"{method_of(name)} {template}"] = f"{method_of(name)} {here}"
        for template, item in paths.items():
            self._path(template, item)
        meeting.arrange(self._paths or {}, (self._paths or {}).keys() - standing, order)
        self._settling.settle()
        meeting.sign()

    def _info(self) -> None:
        """What a document has to say of itself, where a person's does not yet."""
        learned = named(self._meeting.learned, "info")
        info = self._meeting.part(self._meeting.existing, "info", {}, ("openapi", "info"), At("", "#"))
        for key in ("title", "version"):
            if info is not None and key in learned and key not in info:
                self._meeting.put(info, key, learned[key], ("title", "version"), f"#/info/{key}")

    # Paths ------------------------------------------------------------------------------------------------------------

    def _path(self, template: str, learned: Json) -> None:
        assert self._paths is not None
        meeting = self._meeting
        here = self._templates.of(template)
        if here not in self._paths:
            for name, operation in operations(learned):
                self._name_anew(operation)
                meeting.operation = f"{method_of(name)} {here}"
                meeting.added(meeting.operation)
            meeting.put(self._paths, here, learned)
            self._templates.add(here)
            return
        pointer = At("", "#").to("paths", here).pointer
        meeting.expect(self._paths, here, dict, At("", "#").to("paths"))
        item, reference = meeting.followed(self._paths[here])
        if item is None:
            if reference is None and self._paths[here] is None:
                meeting.put_instead(self._paths, here, {})
                item = self._paths[here]
            else:
                return  # it is in another file
        base = self._base if self._base and template.startswith(f"{self._base}/") and here != template else ""
        renamed = dict(zip(VARIABLE.findall(template.removeprefix(base)), VARIABLE.findall(here), strict=False))
        for name, operation in operations(learned):
            above = At(f"{method_of(name)} {here}", reference or pointer)
            at = above.to(name)
            meeting.operation, meeting.learned_as = at.operation, f"{method_of(name)} {template}"
            if isinstance(item.get(name), dict):
                self._operation(item[name], operation, item, renamed, at)
            elif id(item) in meeting.shared:
                meeting.conflict(at, None, "an operation")
            else:
                meeting.expect(item, name, dict, above)
                self._name_anew(operation)
                shared, hidden = self._parameters_of(item.get("parameters"))
                kept = [
                    {**each, "name": renamed.get(each["name"], each["name"])} if each["in"] == "path" else each
                    for each in operation.get("parameters", [])
                ]
                kept = [each for each in kept if key_of(each) not in shared]
                kept = [each for each in kept if not self._may_be(each, hidden, kept, at)]
                operation = {key: kept if key == "parameters" else value for key, value in operation.items()}
                if not kept:
                    operation.pop("parameters", None)
                meeting.put(item, name, operation, (*ITEM, *learned), at.operation)

    def _name_anew(self, operation: Json) -> None:
        """An operationId is there once."""
        name = operation.get("operationId")
        if name is not None:
            operation["operationId"] = free(name, self._ids)
            self._ids.add(operation["operationId"])

    # Operations -------------------------------------------------------------------------------------------------------

    def _operation(self, stands: Json, seen: Json, item: Json, renamed: dict[str, str], at: At) -> None:
        meeting = self._meeting
        own = meeting.is_own(stands, False)
        if is_uncalled(seen):
            return  # a route that no test called: there is nothing to say of it
        if is_uncalled(stands):
            begin(stands, seen, meeting.shared)
        if own:
            for key, value in seen.items():
                said = key in OPERATION and key not in ("operationId", "security")
                if (said or (key.startswith("x-") and key != EVIDENCE)) and stands.get(key) != value:
                    meeting.changed(at.to(key))
                    if key in stands:
                        stands[key] = value
                    else:
                        meeting.put(stands, key, value, seen)
        self._parameters(stands, seen, item, renamed, at)
        self._request_body(stands, seen, at)
        self._responses(stands, seen, at)
        self._settling.security(stands, seen, own, at)
        meeting.take_evidence(stands, seen)

    def _parameters_of(self, value: Any) -> tuple[dict[tuple[str, str], Json], dict[str, str]]:
        """Parameters by place and name, and the references of those that cannot be seen, by what they seem to name."""
        known: dict[tuple[str, str], Json] = {}
        hidden: dict[str, str] = {}
        for each in listed(value):
            parameter, reference = self._meeting.followed(each)
            if parameter is not None:
                known[key_of(parameter)] = parameter
            elif reference is not None:
                hidden[bare(re.split(r"[/#]", reference)[-1].split(".")[0])] = reference
        return known, hidden

    def _may_be(self, parameter: Json, hidden: dict[str, str], seen: list[Json], at: At) -> bool:
        """Whether a parameter that was seen may be one that cannot be: the one of its name is; else any may be that
        none that was seen has the name of, which is told."""
        if bare(parameter["name"]) in hidden:
            return True
        left = hidden.keys() - {bare(each["name"]) for each in seen}
        for name in sorted(left)[:1]:
            self._meeting.conflict(at.to("parameters"), {"$ref": hidden[name]}, parameter)
        return bool(left)

    def _parameters(self, stands: Json, seen: Json, item: Json, renamed: dict[str, str], at: At) -> None:
        meeting = self._meeting
        above, out_of_sight = self._parameters_of(item.get("parameters"))
        known, hidden = self._parameters_of(stands.get("parameters"))
        known = above | known
        for parameter in seen.get("parameters", ()):
            name = parameter["name"]
            place, called = key_of(parameter)
            if place == "path" and name in renamed:
                name = renamed[name]
                parameter = {**parameter, "name": name}
            there = known.get(key_of(parameter))
            if there is None:
                if self._may_be(parameter, out_of_sight | hidden, seen["parameters"], at):
                    continue
                mine = meeting.part(stands, "parameters", [], seen, at)
                if mine is None or id(mine) in meeting.shared:
                    meeting.conflict(at.to("parameters"), None, parameter)
                    continue
                mine.append(meeting.fresh(parameter))
                meeting.added(f"{at.operation} {place} {name}")
                self._left_out.new(mine[-1], stands, place, called, f"{at.operation} {place} {name}")
                continue
            here = self._place_of(there, stands, item, at)
            own = meeting.is_own(there, False)
            self._left_out.parameter(there, parameter, (samples_of(seen), samples_of(stands)), own, here)
            asked = At(at.operation, here.pointer, own, "request", called, place)
            if "schema" in there and "schema" in parameter and not is_text(there["schema"], parameter["schema"]):
                self._widening.schema(there["schema"], parameter["schema"], asked.to("schema"))
            meeting.take_evidence(there, parameter)
        variables = VARIABLE.findall(at.operation)
        for there in known.values():  # a person has given the path another name, and left the parameter its own
            if there.get("in") == "path" and there.get("name") not in variables:
                meeting.conflict(self._place_of(there, stands, item, at).to("name"), there.get("name"), None)
        names = {key_of(each) for each in seen.get("parameters", ())}
        for key in sorted(known.keys() - names):
            if self._left_out.was_never_there(known[key], names):
                there = known[key]
                self._left_out.tell(there, meeting.is_own(there, False), self._place_of(there, stands, item, at))

    def _place_of(self, parameter: Json, operation: Json, item: Json, at: At) -> At:
        """Where a parameter stands: in the operation, in its path, or where a reference there leads."""
        for above, pointer in ((operation, at.pointer), (item, at.pointer.rpartition("/")[0])):
            for number, each in enumerate(listed(above.get("parameters"))):
                there, reference = self._meeting.followed(each)
                if there is parameter:
                    return At(at.operation, reference or f"{pointer}/parameters/{number}")
        raise AssertionError(f"{parameter} stands nowhere")

    def _request_body(self, stands: Json, seen: Json, at: At) -> None:
        meeting = self._meeting
        body, reference = meeting.followed(stands.get("requestBody"))
        learned = named(seen, "requestBody")
        if body is None:
            if reference is None and learned:
                meeting.expect(stands, "requestBody", dict, at)
                meeting.put(stands, "requestBody", learned, seen, f"{at.operation} request")
                self._left_out.new(named(stands, "requestBody"), stands, "request", "", f"{at.operation} request")
            return
        here = At(at.operation, reference or at.to("requestBody").pointer, meeting.is_own(body, False), "request")
        self._left_out.body(body, learned, (samples_of(seen), samples_of(stands)), here.own, here)
        if not learned:
            return
        shown = meeting.shown
        doubtful = shown is not None and shown.is_doubtful(meeting.learned_as)
        self._contents(body, learned, f"{at.operation} request", msgspec.structs.replace(here, doubtful=doubtful))
        meeting.take_evidence(body, learned)

    def _responses(self, stands: Json, seen: Json, at: At) -> None:
        meeting = self._meeting
        responses = meeting.part(stands, "responses", {}, seen, at)
        if responses is None:
            return
        statuses = sorted({*responses, *seen["responses"]})
        for status, learned in seen["responses"].items():
            key = next((key for key in (status, f"{status[0]}XX", f"{status[0]}xx") if key in responses), None)
            if key is None and status[0] in "45" and "default" in responses:
                key = "default"
            if key is None:
                if id(responses) in meeting.shared:
                    meeting.conflict(at.to("responses", status), None, learned)
                meeting.put(responses, status, learned, statuses, f"{at.operation} {status}")
                continue
            response, reference = meeting.followed(responses[key])
            if response is None:
                continue
            own = meeting.is_own(response, False)
            here = At(at.operation, reference or at.to("responses", key).pointer, own)
            self._headers(response, learned, here)
            self._contents(response, learned, f"{at.operation} {key}", here)
            meeting.take_evidence(response, learned)

    def _headers(self, stands: Json, seen: Json, at: At) -> None:
        if not named(seen, "headers"):
            return
        headers = self._meeting.part(stands, "headers", {}, ("description", "headers"), at)
        if headers is None:
            return  # it has an alias
        known = {name.lower(): name for name in headers}
        for name, learned in seen["headers"].items():
            here = at.to("headers", known.get(name.lower(), name))
            if name.lower() not in known:
                self._meeting.put(headers, name, learned, list(seen["headers"]), here.pointer)
                continue
            header, reference = self._meeting.followed(headers[known[name.lower()]])
            if header is not None and "schema" in header:
                own = at.own and reference is None
                inner = At(at.operation, reference or here.pointer, own, "response", name.lower(), "response header")
                self._widening.schema(header["schema"], learned.get("schema"), inner.to("schema"))

    def _contents(self, stands: Json, seen: Json, called: str, at: At) -> None:
        if not named(seen, "content"):
            return
        content = self._meeting.part(stands, "content", {}, ("description", "required", "headers", "content"), at)
        if content is None:
            self._meeting.conflict(at.to("content"), None, seen["content"])
            return  # it has an alias
        known = {media_of(name): name for name in reversed(content)}
        for media, learned in seen["content"].items():
            kind = media_of(media).partition("/")[0]
            wider = (media_of(media), re.sub(r"/.*\+", "/*+", media_of(media)), f"{kind}/*", "*/*")
            name = next((known[each] for each in wider if each in known), None)
            if name is None:
                self._meeting.put(content, media, learned, list(seen["content"]), f"{called} {media}")
                continue
            there, here = content[name], at.to("content", name)
            if not isinstance(there, dict):
                continue
            own = self._meeting.is_own(there, at.own)
            if at.maker == "request" and media_of(media) in FORMS:
                here = msgspec.structs.replace(here, written=True)
            for key in ("schema", "x-item-schema"):
                if key in there and key in learned:
                    self._widening.schema(there[key], learned[key], here.owned(own).to(key))
                elif key in learned and key not in there:
                    self._meeting.put(there, key, learned[key], ("schema", key), here.to(key).pointer)


def is_text(stands: Any, seen: Json) -> bool:
    """Whether a parameter may be any text, which holds for one that was a number as well: all are written as text."""
    return facts(stands, True) == {"type": "string"} and seen.get("type") != "array"

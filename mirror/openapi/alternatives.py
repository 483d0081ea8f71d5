"""Schemas of several branches: which of them is which, one more, and what tells them apart."""

from __future__ import annotations

from typing import Any

from mirror.openapi.marks import BY_NAME, EVIDENCE, NOTES
from mirror.openapi.meeting import SCHEMAS, Json, Meeting
from mirror.openapi.said import BRANCHES, each_kind, enumeration, kinds, named, tags
from mirror.openapi.wider import replace


def says(meeting: Meeting, stands: Any, seen: Any, by_name: bool = False) -> bool:
    """Whether two schemas say the same, each with its references."""
    if isinstance(stands, dict) and isinstance(seen, dict):
        name = meeting.component(seen)
        if name is not None:
            return bool(stands.get("$ref") == meeting.names.get(name, SCHEMAS + name))
        if by_name:
            mine, theirs = set(stands), set(seen)
        else:
            mine, theirs = ({key for key in each if not key.startswith("x-")} - NOTES for each in (stands, seen))
        return mine == theirs and all(says(meeting, stands[key], seen[key], key in BY_NAME) for key in mine)
    if isinstance(stands, list) and isinstance(seen, list):
        return len(stands) == len(seen) and all(says(meeting, *each) for each in zip(stands, seen, strict=True))
    return bool(stands == seen)


def is_kin(meeting: Meeting, one: Any, other: Any) -> bool:
    """Whether two branches are of one kind: objects with the same tag, or simple values of one type."""
    mine, theirs = meeting.followed(one)[0], meeting.seen(other)
    if mine is None or kinds(mine) != kinds(theirs):
        return False
    return "properties" not in mine or bool(tags(mine) & tags(theirs))


def can_hold(stands: Json, seen: Json, meeting: Meeting) -> bool:
    """Whether one schema of mirror's can hold objects that a member tells apart: where it has that member already."""
    tag = named(seen, "discriminator").get("propertyName") or tag_of(seen, meeting)
    member = named(stands, "properties").get(tag)
    return isinstance(member, dict) and EVIDENCE in member


def stand_beside(stands: Json, seen: Json, meeting: Meeting) -> None:
    """Let a schema be what it was, or what was seen."""
    inner = {key: stands.pop(key) for key in list(stands) if key not in NOTES and not key.startswith("x-")}
    stands["anyOf"] = each_kind(inner)
    add_branch(stands, seen, meeting)


def add_branch(stands: Json, seen: Json, meeting: Meeting) -> str:
    """Let a schema with branches have one more: among those that a member tells apart where it tells that as well, else
    beside them all. Returns the keyword of the branches now."""
    if "oneOf" in stands and not tag_of(stands, meeting, seen):
        stands["anyOf"] = [{key: stands.pop(key) for key in ("oneOf", "discriminator") if key in stands}]
    branch = meeting.fresh({key: value for key, value in seen.items() if key != EVIDENCE})
    name_branch(stands, branch, meeting.seen(seen), meeting)
    keyword = next(key for key in BRANCHES if key in stands)
    stands[keyword].append(branch)
    return keyword


def still_apart(stands: Json, branch: Json, seen: Json, meeting: Meeting) -> str:
    """What becomes of branches that a member told apart when one of them has taken in what was seen: where it tells
    them no more, a value may be several of them. Returns the keyword of the branches now."""
    if tag_of(stands, meeting):
        name_branch(stands, branch, meeting.followed(branch)[0] or meeting.seen(seen), meeting)
        return "oneOf"
    rest = {key: value for key, value in stands.items() if key not in ("oneOf", "discriminator")}
    replace(stands, {"anyOf": stands["oneOf"], **rest})
    return "anyOf"


def name_branch(stands: Json, branch: Json, seen: Json, meeting: Meeting) -> None:
    """Let a discriminator lead from the values of its member to a branch, a reference, that has taken them in."""
    discriminator = named(stands, "discriminator")
    mapping = named(discriminator, "mapping")
    for word in sorted(words_of(seen, discriminator.get("propertyName"))) if mapping else ():
        if word not in mapping:
            mapping[word] = branch["$ref"]
            meeting.mapped.append((mapping, word, branch))


def tag_of(stands: Json, meeting: Meeting, *more: Json) -> str:
    """The member that tells the branches of a schema apart, and those that were seen; empty where none does, or the
    discriminator has another one."""
    schemas = [meeting.followed(each)[0] or meeting.seen(each) for each in stands["oneOf"]]
    schemas += [meeting.seen(each) for each in more]
    said = named(stands, "discriminator").get("propertyName")
    if said is not None and any("$ref" not in each for each in (*stands["oneOf"], *more)):
        return ""
    for name in named(schemas[0], "properties") if schemas else ():
        words = [words_of(each, name) for each in schemas]
        if said in (None, name) and all(words) and len(set().union(*words)) == sum(map(len, words)):
            return name
    return ""


def words_of(schema: Json, name: Any) -> set[str]:
    """The words that a member may be."""
    member = named(schema, "properties").get(name)
    return {str(word) for word in (enumeration(member) if isinstance(member, dict) else None) or ()}

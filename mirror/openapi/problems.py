"""Problems (RFC 9457): what one service answers as ``application/problem+json`` is of one kind.

A service makes all of them in one place, with the members of the standard (``type``, ``title``, ``status``, ``detail``,
``instance``) and with some of its own, which only some problems have. Other errors in JSON may be made by anybody, the
framework among them: they are what they look like.
"""

from __future__ import annotations

from collections.abc import Mapping

from mirror.openapi.components import Called, Root
from mirror.openapi.evidence import Operation
from mirror.openapi.merging import copy
from mirror.openapi.shape import MOST_MEMBERS, Members
from mirror.openapi.topics import ERRORS
from mirror.openapi.unseen import with_members

PROBLEM_JSON = "application/problem+json"
PROBLEM = Called("Problem", ERRORS)
"""What they are called, unless a model says something else."""


def problem_of(operations: Mapping[str, Operation]) -> Members:
    """All problems of these operations together; none where they have more members than anybody declares."""
    whole = Members()
    for operation in operations.values():
        for answer in operation.answers.values():
            content = answer.contents.get(PROBLEM_JSON)
            if content is not None and content.shape.objects is not None:
                whole.merge(copy(content.shape.objects).joined())
    return whole if len(whole.members) <= MOST_MEMBERS else Members()


def as_problem(root: Root, problem: Members) -> Root:
    """An answer as one of the problems of its service, with the members that only others have."""
    shape = root.shape if root.models else with_members(root.shape, problem)
    return root._replace(shape=shape, place=root.place._replace(records={*root.models, ()}), called=PROBLEM)

"""Runs of one character, thousands of times: what test suites make large bodies of. No secret is like that."""

from __future__ import annotations

from collections.abc import Callable, Iterator

LONG = 4096
"""Characters from which on a run is one."""
STEP = LONG // 2


def has_run(text: str) -> bool:
    return len(text) >= LONG and next(runs(text), None) is not None


def runs(text: str) -> Iterator[tuple[int, int]]:
    """Where runs begin and end.

    A long run has all of one of the steps that the text is looked at in; comparing and stripping are done at the speed
    of memory, which an expression that refers back to its first character is not.
    """
    end = 0
    for place in range(0, len(text) - STEP + 1, STEP):
        character, step = text[place], text[place : place + STEP]
        if place < end or step[-1] != character or step != character * STEP:
            continue
        start = max(end, place - STEP)
        start += len(text[start:place].rstrip(character))
        end = place + STEP
        while text.startswith(step, end):
            end += STEP
        rest = text[end : end + STEP]
        end += len(rest) - len(rest.lstrip(character))
        if end - start >= LONG:
            yield start, end


def between_runs(text: str, rewrite: Callable[[str], str]) -> str:
    """The text, rewritten before, between and behind its runs, which stay."""
    parts, position = [], 0
    for start, end in runs(text):
        parts += [rewrite(text[position:start]), text[start:end]]
        position = end
    return "".join([*parts, rewrite(text[position:])])

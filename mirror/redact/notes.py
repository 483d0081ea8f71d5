"""What models say of values (mirror.exchange.Declaration), without the secrets in it."""

from __future__ import annotations

import json
from collections.abc import Callable

from mirror.exchange import Declaration

TEXTS = frozenset({"description", "model"})
LITERAL = frozenset({"default", "pattern", "scheme", "field", "scopes"})


def notes(
    declared: Declaration, doc: Callable[[str], str], body: Callable[[bytes], bytes]
) -> tuple[tuple[str, str], ...]:
    """What is said of a place: texts as ``doc`` has them; nothing that would not stay as it is in a ``body`` of JSON,
    under the name of the place."""
    names = [name for name in declared.pointer.split("/") if name != "*" and declared.part != "security"]
    kept = []
    for word, text in declared.notes:
        said = json.loads(text)
        if word in TEXTS:
            kept.append((word, json.dumps(doc(said), ensure_ascii=False)))
            continue
        sent = json.dumps({names[-1] if names else "": said}, ensure_ascii=False).encode()
        if word not in LITERAL or body(sent) == sent:
            kept.append((word, text))
    return tuple(kept)

"""Exchanges in batches: the values of one place are brought to its shape several at a time.

    batch = Batch(model)
    for exchange in exchanges:
        batch.add(exchange)
    batch.settle()

A shape takes a column of values with one step where it takes them one by one with as many. What it has taken in is the
same (law 8), but not before the batch is settled: nobody may ask the model, or merge it, while values wait. What
interrupts that (Ctrl-C, a time limit) leaves a model that may not be used.
"""

from __future__ import annotations

from typing import Any

from mirror.exchange import Exchange
from mirror.openapi.model import Model
from mirror.openapi.shape import Shape

MOST_WAITING = 200
"""Exchanges whose values wait: several for each place of a service, and few enough for a processor's cache."""
LARGEST = 4_000_000
"""Characters of bodies whose values wait, unpacked. As Python's values they are about five times as large."""


class Batch:
    """Brings exchanges into a model, which is complete when the batch is settled. The values of ``most`` wait."""

    def __init__(self, model: Model, most: int = MOST_WAITING) -> None:
        self._model = model
        self._most = most
        self._waiting: dict[int, tuple[Shape, list[Any]]] = {}
        self._count = 0
        self._size = 0

    def add(self, exchange: Exchange, service: str = "") -> None:
        """Take in one exchange (see Model.add)."""
        self._model.add(exchange, service, self._wait)
        self._count += 1
        if self._count >= self._most or self._size >= LARGEST:
            self.settle()

    def settle(self) -> None:
        """Bring what waits to its shapes. The batch may be added to again."""
        waiting, self._waiting = self._waiting, {}  # at once: nothing is taken in twice, whatever is raised meanwhile
        self._count = self._size = 0
        for shape, values in waiting.values():
            shape.add_all(values)

    def _wait(self, shape: Shape, values: list[Any], size: int) -> None:
        self._size += size
        found = self._waiting.get(id(shape))  # the shape is kept beside its values, so nothing else gets its number
        if found is None:
            self._waiting[id(shape)] = shape, [*values]
        else:
            found[1].extend(values)

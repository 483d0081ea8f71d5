"""The applications that a recorder has met, and the routes that they have: those as well that no test calls.

An application is read when it has been called for the first time, because routes are added until then (Flask refuses
them afterwards, Starlette builds some with its lifespan), and once more at the end. It is remembered weakly, where it
can be; what it costs a call is a look into a dict.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from mirror.counts import describe
from mirror.exchange import KnownRoute

Read = Callable[[Any, str], Iterable[KnownRoute]]
"""The routes of an application, below a prefix."""

Routes = tuple[KnownRoute, ...]

MOST_HELD = 16
"""Applications that are held until the end, because they cannot be referred to weakly."""


class Applications:
    """Reads applications and tells the ``sinks`` that keep routes (they have ``know``) what each has.

    ``ignore`` tells why a route is not kept, None where it is. ``remark`` is told in words of what cannot be read or
    kept: that costs nothing else. ``hand`` is put by who hands routes over to another process.
    """

    def __init__(
        self,
        sinks: Sequence[object],
        ignore: Callable[[Any], str | None] | None,
        remark: Callable[[str], None],
    ) -> None:
        self.hand: Callable[[Routes], None] | None = None
        self._sinks = sinks
        self._ignore = ignore
        self._remark = remark
        self._met: dict[tuple[int, str], tuple[Callable[[], Any], Read]] = {}
        self._held: list[tuple[int, str]] = []
        self._told: set[Routes] = set()
        self._closed = False

    # What there is ----------------------------------------------------------------------------------------------------

    def has_met(self, application: object, prefix: str) -> bool:
        """Whether an application has been called below that prefix before."""
        return (id(application), prefix) in self._met

    def meet(self, application: object, prefix: str, read: Read) -> None:
        """It has been called for the first time. ``read`` must not hold it."""
        key = (id(application), prefix)
        met = self._met

        def forget(gone: weakref.ref[Any]) -> None:
            if key in met and met[key][0] is gone:
                del met[key]

        try:
            met[key] = weakref.ref(application, forget), read
        except TypeError:
            if not self.are_asked_for:
                return
            self._hold(application, prefix, read)
        self._read(application, prefix, read)

    def _hold(self, application: object, prefix: str, read: Read) -> None:
        """Remember one whose class has no weak references. Its id would be another's as soon as it is gone, so it is
        held: the last few are, and those before them are new when they are called again."""
        remark = f"applications that have no weak references are held until the end: {type(application).__qualname__}"
        if not self._held:
            self._remark(remark)
        elif len(self._held) >= MOST_HELD:
            self._met.pop(self._held.pop(0), None)
        key = (id(application), prefix)
        self._met[key] = (lambda: application), read
        self._held.append(key)

    def fail(self, failure: Exception) -> None:
        """Tell that an application could not be read."""
        self._remark(f"the routes of an application could not be read: {describe(failure)}")

    def read_again(self) -> None:
        """Read those that are still there: some may have got more routes."""
        for (_, prefix), (reference, read) in list(self._met.items()):
            application = reference()
            if application is not None:
                self._read(application, prefix, read)

    def close(self) -> None:
        """Nothing is told any more."""
        self._closed = True
        self._met.clear()
        self._held.clear()

    @property
    def are_asked_for(self) -> bool:
        """Whether anybody is told of routes. To read those of an application takes longer than to call it."""
        return not self._closed and (self.hand is not None or any(hasattr(sink, "know") for sink in self._sinks))

    def _read(self, application: object, prefix: str, read: Read) -> None:
        if not self.are_asked_for:
            return
        try:
            routes = tuple(sorted(set(read(application, prefix))))
        except Exception as failure:  # whatever has routes and keeps them in another way
            self.fail(failure)
            return
        self.know(routes)

    # What is told -----------------------------------------------------------------------------------------------------

    def know(self, routes: Routes) -> None:
        """All routes of an application: told once of the same ones."""
        if self._closed or not routes or routes in self._told:
            return
        self._told.add(routes)
        routes = tuple([route for route in routes if self._keeps(route)])
        if not routes:
            return
        for sink in self._sinks:
            if hasattr(sink, "know"):
                try:
                    problems = sink.know(routes)
                except Exception as error:
                    problems = [describe(error)]
                for problem in problems if isinstance(problems, list | tuple) else ():
                    self._remark(str(problem))
        if self.hand is not None:
            try:
                self.hand(routes)
            except Exception as error:  # the exchange that brought them is the test's, and goes on
                self._remark(f"the routes of an application were not handed over: {describe(error)}")

    def _keeps(self, route: KnownRoute) -> bool:
        """Whether exchanges of that route would be kept, as far as its template says."""
        try:
            return self._ignore is None or self._ignore(route) is None
        except Exception:  # a filter that knows exchanges alone
            return True

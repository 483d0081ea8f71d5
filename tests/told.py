"""What sinks are told of the routes of applications."""

from __future__ import annotations

from mirror import Exchange
from mirror.exchange import Declaration, KnownRoute


class Told:
    """A sink that keeps what it is told of routes."""

    def __init__(self) -> None:
        self.applications: list[tuple[KnownRoute, ...]] = []

    def write(self, exchange: Exchange) -> tuple[str, ...]:
        return ()

    def know(self, routes: tuple[KnownRoute, ...]) -> tuple[str, ...]:
        self.applications.append(routes)
        return ()

    @property
    def routes(self) -> list[KnownRoute]:
        """Those that are not hidden."""
        return [route for each in self.applications for route in each if not route.hidden]

    @property
    def hidden(self) -> list[str]:
        every = [route for each in self.applications for route in each if route.hidden]
        return [f"{route.method} {route.template}" for route in every]

    @property
    def names(self) -> list[str]:
        return [f"{route.method} {route.template}" for route in self.routes]

    @property
    def lines(self) -> list[str]:
        return [f"{route.method} {route.template} {route.endpoint}" for route in self.routes]

    def models(self, method: str, template: str) -> dict[str, str]:
        return {
            f"{said.part} {said.pointer}".strip(): said.model for said in self.declared(method, template) if said.model
        }

    def declared(self, method: str, template: str) -> list[Declaration]:
        return [
            said
            for route in self.routes
            if (route.method, route.template) == (method, template)
            for said in route.declared
        ]

"""What is learned from what a test does with an application's client."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient

from mirror import Mirror
from mirror.openapi.model import Service


def learned_from(app: Any, calls: Callable[[Any], None]) -> Service:
    service = Service()
    with Mirror(attach=True) as mirror:
        if isinstance(app, FastAPI):
            with TestClient(app) as client:
                calls(client)
        else:
            calls(app.test_client())
        for exchange in mirror.exchanges:
            service.add(exchange)
    return service

"""Logs schemathesis in to an example application, once for each request, because one of the operations logs out.

Schemathesis imports it in an environment of its own (SCHEMATHESIS_HOOKS). SERVED is where the application is.
"""

from __future__ import annotations

import os
from typing import Any

import requests
import schemathesis

SERVED = os.environ.get("SERVED", "")
PASSWORD = "correct horse"


def post(path: str, **body: Any) -> Any:
    return requests.post(f"{SERVED}{path}", **body, timeout=30).json()


@schemathesis.auth(refresh_interval=None)
class Login:
    def get(self, case: Any, context: Any) -> str:
        if os.environ["EXAMPLE"] == "fastapi_app":
            post("/members/", json={"name": "hypatia", "password": PASSWORD})
            told = post("/members/token", data={"username": "hypatia", "password": PASSWORD})
        else:
            who = {"email": "staff@example.com", "password": PASSWORD}
            post("/auth/register", json=who)
            told = post("/auth/token", json=who)
        return str(told["access_token"])

    def set(self, case: Any, data: str, context: Any) -> None:
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {data}"}

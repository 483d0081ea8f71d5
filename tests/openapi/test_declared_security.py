"""What FastAPI knows of security, against the document that it makes itself; and where what was seen says more."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import fastapi
import pytest
import yaml
from fastapi import Depends, Security
from fastapi.security import (
    APIKeyCookie,
    APIKeyHeader,
    APIKeyQuery,
    HTTPBasic,
    HTTPBearer,
    HTTPDigest,
    OAuth2PasswordBearer,
    OpenIdConnect,
)
from fastapi.testclient import TestClient
from openapi_spec_validator import validate
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from mirror import Mirror
from mirror.openapi.update import update
from mirror.openapi.version30 import downgrade

Json = dict[str, Any]

oauth = OAuth2PasswordBearer(tokenUrl="token")
station = APIKeyHeader(name="X-Station-Key")


def user(token: Annotated[str, Depends(oauth)]) -> str:
    return token


def view() -> Json:
    return {}


def site() -> fastapi.FastAPI:
    app = fastapi.FastAPI()
    inner = fastapi.APIRouter(prefix="/in", dependencies=[Depends(APIKeyCookie(name="sid"))])
    app.get("/open")(view)
    app.get("/me", dependencies=[Security(user, scopes=["me"])])(view)
    app.get("/station", dependencies=[Depends(station)])(view)
    app.get("/query", dependencies=[Depends(APIKeyQuery(name="apiKey"))])(view)
    app.get("/basic", dependencies=[Depends(HTTPBasic())])(view)
    app.get("/digest", dependencies=[Depends(HTTPDigest())])(view)
    app.get("/bearer", dependencies=[Depends(HTTPBearer(auto_error=False))])(view)
    app.get("/id", dependencies=[Depends(OpenIdConnect(openIdConnectUrl="/id"))])(view)
    app.get("/both", dependencies=[Depends(station), Depends(user)])(view)
    inner.get("/r")(view)
    app.include_router(inner)
    return app


def learned(app: Any, folder: Path, *calls: str, **headers: str) -> Json:
    path = folder / "learned.yaml"
    with Mirror(openapi=[path]):
        client = TestClient(app, headers={name.replace("_", "-"): value for name, value in headers.items()})
        for call in calls:
            client.get(call)
    made: Json = yaml.safe_load(path.read_text())
    validate(made)
    validate(downgrade(made))
    return made


def asked(document: Json) -> dict[str, Any]:
    """The places of the credentials that each operation asks for."""
    schemes = document["components"]["securitySchemes"]

    def place(name: str) -> str:
        scheme = schemes[name]
        kind = {"oauth2": "bearer", "openIdConnect": "bearer"}.get(scheme["type"], scheme.get("scheme"))
        return kind or f"{scheme['in']} {scheme['name'].lower()}"

    return {
        path: sorted(place(name) for each in item["get"].get("security", ()) for name in each)
        for path, item in document["paths"].items()
    }


EVERY = ("/open", "/me", "/station", "/query", "/basic", "/digest", "/bearer", "/id", "/both", "/in/r")


@pytest.mark.parametrize("calls", [EVERY, EVERY[:1]])
def test_it_is_what_the_framework_says(tmp_path: Path, calls: tuple[str, ...]) -> None:
    """Also of what nobody called, and where the client has credentials that it sends everywhere."""
    app = site()
    made = learned(app, tmp_path, *calls, X_Station_Key="abc-1234567", Authorization="Bearer a1b2c3d4")
    assert asked(made) == asked(app.openapi())


def test_without_it_is_accepted_as_well(tmp_path: Path) -> None:
    made = learned(site(), tmp_path, "/bearer", "/me")
    assert made["paths"]["/bearer"]["get"]["security"] == [{"bearer": []}, {}]
    assert made["paths"]["/me"]["get"]["security"] == [{"bearer": []}]  # 401


def test_tokens_for_a_password_and_their_scopes(tmp_path: Path) -> None:
    app = fastapi.FastAPI()
    app.get("/me", dependencies=[Security(user, scopes=["me", "all"])])(view)
    app.get("/uncalled", dependencies=[Security(user, scopes=["other"])])(view)
    app.get("/any", dependencies=[Depends(user)])(view)
    made = learned(app, tmp_path, "/me", Authorization="Bearer a1b2c3d4")
    assert made["components"]["securitySchemes"] == {
        "OAuth2PasswordBearer": {
            "type": "oauth2",
            "flows": {"password": {"tokenUrl": "token", "scopes": {"all": "", "me": "", "other": ""}}},
        }
    }
    needed = {path: item["get"]["security"] for path, item in made["paths"].items()}
    assert needed == {
        "/me": [{"OAuth2PasswordBearer": ["all", "me"]}],
        "/uncalled": [{"OAuth2PasswordBearer": ["other"]}],
        "/any": [{"OAuth2PasswordBearer": []}],
    }


def test_any_other_bearer_beside_them_makes_it_one(tmp_path: Path) -> None:
    made = learned(site(), tmp_path, "/bearer", "/me", Authorization="Bearer a1b2c3d4")
    assert made["components"]["securitySchemes"]["bearer"] == {"type": "http", "scheme": "bearer"}


def test_all_at_once(tmp_path: Path) -> None:
    made = learned(site(), tmp_path, "/both", X_Station_Key="abc-1234567", Authorization="Bearer a1b2c3d4")
    assert made["paths"]["/both"]["get"]["security"] == [{"bearer": [], "APIKeyHeader": []}]


def test_a_denial_that_the_framework_does_not_explain_is_evidence(tmp_path: Path) -> None:
    app = fastapi.FastAPI()
    app.get("/open")(view)
    app.get("/shut")(view)

    @app.middleware("http")
    async def guard(request: Request, call_next: Any) -> Response:
        if request.url.path == "/shut" and request.headers.get("x-api-key") != "abc-1234567":
            return JSONResponse({"detail": "no"}, 401)
        return await call_next(request)  # type: ignore[no-any-return]

    keyed = learned(app, tmp_path, "/open", "/shut")
    assert "security" not in keyed["paths"]["/open"]["get"]
    with Mirror(openapi=[tmp_path / "b.yaml"]):
        client = TestClient(app)
        client.get("/shut")
        client.get("/shut", headers={"X-Api-Key": "abc-1234567"})
        client.get("/open", headers={"X-Api-Key": "abc-1234567"})
    made = yaml.safe_load((tmp_path / "b.yaml").read_text())
    assert made["paths"]["/shut"]["get"]["security"] == [{"header.x-api-key": []}]
    assert "security" not in made["paths"]["/open"]["get"]


def named() -> fastapi.FastAPI:
    app = fastapi.FastAPI()
    tokens = OAuth2PasswordBearer("token", scopes={"me": "Who I am", "all": "All"}, description="Log in first")
    app.get("/me", dependencies=[Security(tokens, scopes=["me"])])(view)
    app.get("/key", dependencies=[Depends(APIKeyHeader(name="X-Station-Key", scheme_name="StationKey"))])(view)
    return app


def test_schemes_have_their_own_names(tmp_path: Path) -> None:
    made = learned(named(), tmp_path, "/me", "/key", Authorization="Bearer a1b2c3d4", X_Station_Key="abc-1234567")
    assert made["components"]["securitySchemes"] == {
        "OAuth2PasswordBearer": {
            "type": "oauth2",
            "flows": {"password": {"tokenUrl": "token", "scopes": {"all": "All", "me": "Who I am"}}},
            "description": "Log in first",
        },
        "StationKey": {"type": "apiKey", "in": "header", "name": "X-Station-Key"},
    }
    assert made["paths"]["/key"]["get"]["security"] == [{"StationKey": []}]
    assert all("parameters" not in item["get"] for item in made["paths"].values())


def test_two_of_one_name_have_mirrors(tmp_path: Path) -> None:
    app = fastapi.FastAPI()
    app.get("/a", dependencies=[Depends(APIKeyHeader(name="X-A-Key"))])(view)
    app.get("/b", dependencies=[Depends(APIKeyHeader(name="X-B-Key"))])(view)
    made = learned(app, tmp_path, "/a", "/b")
    assert set(made["components"]["securitySchemes"]) == {"header.x-a-key", "header.x-b-key"}


def test_a_document_from_before_has_no_second_scheme(tmp_path: Path) -> None:
    made = learned(named(), tmp_path, "/me", "/key", Authorization="Bearer a1b2c3d4", X_Station_Key="abc-1234567")
    before = json.dumps(made).replace("OAuth2PasswordBearer", "bearer").replace("StationKey", "header.x-station-key")
    before = json.loads(before.replace("X-Station-Key", "x-station-key"))
    first = update("", before).text
    found = update(first, made)
    assert list(yaml.safe_load(found.text)["components"]["securitySchemes"]) == ["bearer", "header.x-station-key"]
    assert found.text == first
    del before["paths"]["/key"]
    found = update(update("", before).text, made)
    assert yaml.safe_load(found.text)["paths"]["/key"]["get"]["security"] == [{"header.x-station-key": []}]

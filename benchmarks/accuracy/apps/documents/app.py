"""Documents: uploads in folders, metadata as forms, versions, shares; an API key opens the door."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from enum import IntEnum
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import Depends, FastAPI, File, Form, Header, HTTPException, Query, Response, Security, UploadFile
from fastapi.responses import PlainTextResponse, StreamingResponse
from fastapi.security import APIKeyHeader, APIKeyQuery
from pydantic import BaseModel, EmailStr

KEYS = {"key-of-reader-1f0c": "reader", "key-of-editor-77ab": "editor"}


class Importance(IntEnum):
    low = 1
    normal = 2
    high = 3


class Version(BaseModel):
    number: int
    size: int
    sha256: str
    uploaded_at: datetime
    comment: str | None = None


class Folder(BaseModel):
    name: str
    documents: int = 0
    subfolders: list[Folder] = []


class Document(BaseModel):
    id: UUID
    folder: str
    filename: str
    content_type: str
    title: str
    importance: Importance
    expires_on: date | None
    owner: str
    labels: list[str]
    versions: list[Version]


class Share(BaseModel):
    token: str
    url: str
    recipients: list[EmailStr]
    downloads: int
    limit: int | None


class ShareIn(BaseModel):
    recipients: list[EmailStr]
    limit: int | None = None
    message: str = ""


class Usage(BaseModel):
    documents: int
    bytes: int
    by_type: dict[str, int]


class Refusal(BaseModel):
    code: str
    message: str
    field: str | None = None


class Refused(Exception):
    def __init__(self, status: int, code: str, message: str, field: str | None = None) -> None:
        self.status = status
        self.refusal = Refusal(code=code, message=message, field=field)


class State:
    def __init__(self) -> None:
        self.documents: dict[UUID, Document] = {}
        self.contents: dict[tuple[UUID, int], bytes] = {}
        self.shares: dict[str, tuple[UUID, Share]] = {}


header_key = APIKeyHeader(name="X-API-Key", auto_error=False)
query_key = APIKeyQuery(name="api_key", auto_error=False)
state = State()


def role(key: Annotated[str | None, Security(header_key)]) -> str:
    if key is None or key not in KEYS:
        raise Refused(401, "unauthenticated", "An API key is needed")
    return KEYS[key]


def editor(role: Annotated[str, Depends(role)]) -> str:
    if role != "editor":
        raise Refused(403, "forbidden", "This key can only read")
    return role


Role = Annotated[str, Depends(role)]
Editor = Annotated[str, Depends(editor)]
REFUSALS = {status: {"model": Refusal} for status in (401, 403, 404, 413)}
app = FastAPI(title="Documents", root_path="", responses=REFUSALS)


@app.exception_handler(Refused)
async def refuse(_: object, refused: Refused) -> Response:
    return Response(refused.refusal.model_dump_json(), refused.status, media_type="application/json")


def find(document_id: UUID) -> Document:
    if document_id not in state.documents:
        raise Refused(404, "missing", f"There is no document {document_id}")
    return state.documents[document_id]


def version(number: int, content: bytes, comment: str | None = None) -> Version:
    digest = hashlib.sha256(content).hexdigest()
    return Version(number=number, size=len(content), sha256=digest, uploaded_at=datetime.now(UTC), comment=comment)


@app.post("/documents", status_code=201)
async def upload(
    role: Editor,
    file: UploadFile,
    folder: Annotated[str, Form()],
    title: Annotated[str | None, Form()] = None,
    importance: Annotated[Importance, Form()] = Importance.normal,
    expires_on: Annotated[date | None, Form()] = None,
    labels: Annotated[list[str], Form()] = [],
) -> Document:
    """Upload a document into a folder."""
    content = await file.read()
    if len(content) > 100_000:
        raise Refused(413, "too-large", "At most 100 kB", "file")
    made = Document(
        id=uuid4(), folder=folder, filename=file.filename or "unnamed", owner=role, importance=importance,
        content_type=file.content_type or "application/octet-stream", title=title or file.filename or "",
        expires_on=expires_on, labels=labels, versions=[version(1, content)],
    )  # fmt: skip
    state.documents[made.id] = made
    state.contents[made.id, 1] = content
    return made


@app.get("/documents")
def list_documents(
    role: Role,
    response: Response,
    folder: str | None = None,
    label: Annotated[list[str] | None, Query()] = None,
    importance: Importance | None = None,
    accept_language: Annotated[str, Header()] = "en",
) -> list[Document]:
    found = [one for one in state.documents.values() if folder is None or one.folder.startswith(folder)]
    found = [one for one in found if not label or set(label) & set(one.labels)]
    found = [one for one in found if importance in (None, one.importance)]
    response.headers["X-Total-Count"] = str(len(found))
    response.headers["Content-Language"] = accept_language
    return found


@app.get("/documents/{document_id}")
def get_document(document_id: UUID, role: Role) -> Document:
    return find(document_id)


@app.patch("/documents/{document_id}")
def rename(
    document_id: UUID,
    role: Editor,
    title: Annotated[str | None, Form()] = None,
    folder: Annotated[str | None, Form()] = None,
) -> Document:
    document = find(document_id)
    document.title, document.folder = title or document.title, folder or document.folder
    return document


@app.delete("/documents/{document_id}", status_code=204)
def delete(document_id: UUID, role: Editor) -> None:
    del state.documents[find(document_id).id]


@app.put("/documents/{document_id}/content")
async def replace(
    document_id: UUID, role: Editor, file: Annotated[bytes, File()], comment: Annotated[str | None, Form()] = None
) -> Version:
    document = find(document_id)
    made = version(len(document.versions) + 1, file, comment)
    document.versions.append(made)
    state.contents[document.id, made.number] = file
    return made


@app.get("/documents/{document_id}/content", response_class=StreamingResponse)
def download(document_id: UUID, role: Role, version: int | None = None) -> StreamingResponse:
    document = find(document_id)
    content = state.contents.get((document.id, version or len(document.versions)))
    if content is None:
        raise Refused(404, "missing", "There is no such version")
    return StreamingResponse(iter([content]), media_type=document.content_type)


@app.get("/documents/{document_id}/versions/{number}")
def get_version(document_id: UUID, number: int, role: Role) -> Version:
    versions = find(document_id).versions
    if not 0 < number <= len(versions):
        raise Refused(404, "missing", "There is no such version")
    return versions[number - 1]


@app.post("/documents/{document_id}/shares", status_code=201)
def share(document_id: UUID, share: ShareIn, role: Editor) -> Share:
    document = find(document_id)
    token = hashlib.sha256(f"{document.id}{len(state.shares)}".encode()).hexdigest()[:32]
    made = Share(token=token, url=f"/shared/{token}", recipients=share.recipients, downloads=0, limit=share.limit)
    state.shares[token] = (document.id, made)
    return made


@app.get("/shared/{token}")
def shared(token: str) -> Share:
    """Whoever has the token may look."""
    if token not in state.shares:
        raise Refused(404, "missing", "There is no such share")
    _, found = state.shares[token]
    found.downloads += 1
    if found.limit is not None and found.downloads > found.limit:
        raise HTTPException(410, "Downloaded too often")
    return found


@app.get("/tree")
def tree(role: Role) -> Folder:
    """The folders, as a tree."""
    root = Folder(name="")
    for document in state.documents.values():
        node = root
        for name in document.folder.split("/"):
            child = next((one for one in node.subfolders if one.name == name), None)
            if child is None:
                child = Folder(name=name)
                node.subfolders.append(child)
            node = child
        node.documents += 1
    return root


@app.get("/usage")
def usage(key: Annotated[str | None, Security(query_key)]) -> Usage:
    if key not in KEYS:
        raise Refused(401, "unauthenticated", "An API key is needed")
    by_type: dict[str, int] = {}
    for document in state.documents.values():
        by_type[document.content_type] = by_type.get(document.content_type, 0) + 1
    total = sum(len(content) for content in state.contents.values())
    return Usage(documents=len(state.documents), bytes=total, by_type=by_type)


@app.post("/hash", response_class=PlainTextResponse)
async def digest(file: UploadFile) -> str:
    return hashlib.sha256(await file.read()).hexdigest()

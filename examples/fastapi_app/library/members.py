"""Membership and tokens: log in once with a form, send the bearer token from then on."""

import hashlib
import hmac
import os
import secrets
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException
from fastapi.security import OAuth2PasswordRequestForm

from library.dependencies import BearerToken, CurrentMember, SettingsDependency, StoreDependency, get_member
from library.models import MemberIn, MemberOut, Token
from library.store import Member

router = APIRouter(prefix="/members", tags=["members"])


def hashed(password: str, salt: bytes, rounds: int) -> bytes:
    return hashlib.pbkdf2_hmac("sha256", password.encode(), salt, rounds)


@router.post("/", status_code=201, response_model=MemberOut)
def join(member_in: MemberIn, store: StoreDependency, settings: SettingsDependency) -> Member:
    """Become a member. Not `async`: hashing a password takes a while and would hold up everybody else."""
    if member_in.name in store.members:
        raise HTTPException(409, "This name is taken")
    salt = os.urandom(16)
    password_hash = hashed(member_in.password, salt, settings.password_rounds)
    return store.add_member(member_in.name, salt, password_hash, is_librarian=member_in.name in settings.librarians)


@router.post("/token")
def log_in(
    form: Annotated[OAuth2PasswordRequestForm, Depends()], store: StoreDependency, settings: SettingsDependency
) -> Token:
    """Trade a name and a password for a bearer token."""
    member = store.members.get(form.username)
    if member is None or not hmac.compare_digest(
        member.password_hash, hashed(form.password, member.salt, settings.password_rounds)
    ):
        raise HTTPException(401, "Unknown name or wrong password", headers={"WWW-Authenticate": "Bearer"})
    token = secrets.token_urlsafe(24)
    store.tokens[token] = member.name
    return Token(access_token=token)


@router.delete("/token", status_code=204, dependencies=[Depends(get_member)])
async def log_out(token: BearerToken, store: StoreDependency) -> None:
    """Make this token worthless; the others of the same member stay good."""
    del store.tokens[token]


@router.get("/me", response_model=MemberOut)
async def show_me(member: CurrentMember) -> Member:
    """Tell clients whose token they hold. The response model keeps the password hash in."""
    return member

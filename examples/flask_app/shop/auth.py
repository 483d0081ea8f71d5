"""Accounts and tokens: programs log in once and send the bearer token they got from then on."""

import secrets

from flask import Blueprint, abort, current_app, jsonify, request, session
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized
from werkzeug.security import check_password_hash, generate_password_hash

from shop.errors import ValidationError
from shop.payload import json_object
from shop.store import User, get_store

blueprint = Blueprint("auth", __name__, url_prefix="/auth")


def current_user() -> User | None:
    """Whoever the bearer token belongs to or, without one, whoever logged in with this browser."""
    store = get_store()
    authorization = request.authorization
    if authorization is not None and authorization.type == "bearer":
        return store.users.get(store.tokens.get(authorization.token or "", 0))
    return store.users.get(session.get("user_id", 0))


def require_user() -> User:
    user = current_user()
    if user is None:
        raise Unauthorized("Log in first.", www_authenticate=WWWAuthenticate("bearer", {"realm": "shop"}))
    return user


def require_staff() -> User:
    user = require_user()
    if not user.is_staff:
        abort(403, "Only the staff may do that.")
    return user


def find_user(email: str, password: str) -> User | None:
    user = get_store().user_by_email(email.lower())
    if user is None or not check_password_hash(user.password_hash, password):
        return None
    return user


@blueprint.post("/register")
def register() -> ResponseReturnValue:
    """Open an account. Addresses named in STAFF_EMAILS become staff."""
    payload = json_object()
    email = str(payload.get("email", "")).lower()
    password = str(payload.get("password", ""))
    problems = {}
    if "@" not in email:
        problems["email"] = "must be an e-mail address"
    if len(password) < 8:
        problems["password"] = "must have at least 8 characters"
    if problems:
        raise ValidationError(problems)
    if get_store().user_by_email(email):
        abort(409, "This address already has an account.")
    password_hash = generate_password_hash(password, method=current_app.config["PASSWORD_HASH_METHOD"])
    user = get_store().add_user(email, password_hash, is_staff=email in current_app.config["STAFF_EMAILS"])
    return jsonify(id=user.id, email=user.email, is_staff=user.is_staff), 201


@blueprint.post("/token")
def create_token() -> ResponseReturnValue:
    """Trade an address and a password for a bearer token."""
    payload = json_object()
    user = find_user(str(payload.get("email", "")), str(payload.get("password", "")))
    if user is None:
        abort(401, "Unknown address or wrong password.")
    token = secrets.token_urlsafe(24)
    get_store().tokens[token] = user.id
    return jsonify(access_token=token, token_type="bearer"), 201


@blueprint.delete("/token")
def revoke_token() -> ResponseReturnValue:
    """Log this token out; the others of the same user stay good."""
    require_user()
    if request.authorization is not None:
        get_store().tokens.pop(request.authorization.token or "", None)
    return "", 204


@blueprint.get("/me")
def me() -> ResponseReturnValue:
    """Tell clients whose credentials they hold."""
    user = require_user()
    return jsonify(id=user.id, email=user.email, is_staff=user.is_staff)

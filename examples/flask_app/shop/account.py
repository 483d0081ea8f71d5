"""The pages people open in a browser: log in with a form, get a session cookie, choose a currency."""

from flask import Blueprint, abort, flash, get_flashed_messages, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from markupsafe import escape

from shop.auth import current_user, find_user
from shop.payload import json_object
from shop.products import CURRENCY_SYMBOLS

blueprint = Blueprint("account", __name__)

LOGIN_PAGE = """<!doctype html>
<title>Log in</title>
<form method="post">
  <input name="email" type="email"><input name="password" type="password"><button>Log in</button>
</form>
"""


def local_target(target: str) -> str:
    """Follow `next` only inside the shop: anything else would let a link send people elsewhere after their login."""
    if target.startswith("/") and not target.startswith(("//", "/\\")):
        return target
    return url_for("account.show")


@blueprint.get("/login")
def login_form() -> ResponseReturnValue:
    """The form that /account sends strangers to."""
    return LOGIN_PAGE


@blueprint.post("/login")
def login() -> ResponseReturnValue:
    """Start a session, then go back to the page that asked for it."""
    user = find_user(request.form["email"], request.form["password"])
    if user is None:
        abort(401, "Unknown address or wrong password.")
    session["user_id"] = user.id
    flash("Welcome back!")
    return redirect(local_target(request.args.get("next", "")), code=303)


@blueprint.post("/logout")
def logout() -> ResponseReturnValue:
    """Forget the session; the tokens of the same user stay good."""
    session.clear()
    return redirect(url_for("account.login_form"), code=303)


@blueprint.get("/account")
def show() -> ResponseReturnValue:
    """A page for whoever is logged in; others are sent to the form first."""
    user = current_user()
    if user is None:
        return redirect(url_for("account.login_form", next=request.path))
    messages = "".join(f"<p>{escape(message)}</p>" for message in get_flashed_messages())
    return f"<!doctype html><title>Account</title>{messages}<h1>{escape(user.email)}</h1>"


@blueprint.put("/preferences/currency")
def choose_currency() -> ResponseReturnValue:
    """Remember the currency in a cookie, since one may look at prices without an account."""
    currency = json_object().get("currency")
    if currency not in CURRENCY_SYMBOLS:
        abort(400, f"Choose one of {', '.join(CURRENCY_SYMBOLS)}.")
    response = redirect(url_for("products.list_products"), code=303)
    response.set_cookie("currency", currency, max_age=30 * 24 * 3600, samesite="Lax")
    return response


@blueprint.delete("/preferences/currency")
def forget_currency() -> ResponseReturnValue:
    """Go back to the currency of the shop."""
    response = redirect(url_for("products.list_products"), code=303)
    response.delete_cookie("currency", samesite="Lax")
    return response

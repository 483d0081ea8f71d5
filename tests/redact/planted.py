"""Secrets to plant (see ``carriers`` for what they are planted in).

The secrets are made at random; they belong to nobody. Those of ``EVIDENT`` are recognisable by their own form and stand
under names that say nothing; those of ``NAMED`` are recognisable by the name they stand under alone.
"""

from __future__ import annotations

import json
import random
import string
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from typing import NamedTuple

LETTERS = string.ascii_letters + string.digits


class Secret(NamedTuple):
    kind: str
    name: str  # that it stands under
    value: str


def pick(rng: random.Random, size: int, alphabet: str = LETTERS) -> str:
    return "".join(rng.choices(alphabet, k=size))


def digits(rng: random.Random, size: int) -> str:
    return rng.choice("123456789") + pick(rng, size - 1, string.digits)


def with_luhn(start: str) -> str:
    for last in range(10):
        number = f"{start}{last}"
        total = 0
        for place, digit in enumerate(reversed(number)):
            doubled = int(digit) * (1 + place % 2)
            total += doubled - 9 * (doubled > 9)
        if total % 10 == 0:
            return number
    raise AssertionError


def card(rng: random.Random) -> str:
    head, size = rng.choice([("4", 16), ("52", 16), ("2300", 16), ("37", 15), ("6011", 16), ("3530", 16), ("62", 16)])
    number = with_luhn(head + pick(rng, size - 1 - len(head), string.digits))
    if len(number) == 16 and rng.random() < 0.5:
        joint = rng.choice(" -")
        return joint.join(number[place : place + 4] for place in range(0, 16, 4))
    return number


def iban(rng: random.Random) -> str:
    country, rest = rng.choice(
        [
            ("DE", digits(rng, 18)),
            ("GB", "WEST" + digits(rng, 14)),
            ("NL", "ABNA" + digits(rng, 10)),
            ("ES", digits(rng, 20)),
        ]
    )
    number = int("".join(str(int(c, 36)) for c in f"{rest}{country}00"))
    plain = f"{country}{98 - number % 97:02d}{rest}"
    return " ".join(plain[place : place + 4] for place in range(0, len(plain), 4)) if rng.random() < 0.3 else plain


def base64url(value: object) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def jwt(rng: random.Random) -> str:
    claims = {"sub": pick(rng, 12), "name": f"Zed {pick(rng, 9)}", "iat": 1700000000}
    return f"{base64url({'alg': 'HS256', 'typ': 'JWT'})}.{base64url(claims)}.{pick(rng, 43, LETTERS + '-_')}"


def pem(rng: random.Random) -> str:
    lines = "\n".join(pick(rng, 64, LETTERS + "+/") for _ in range(5))
    kind = rng.choice(["RSA ", "EC ", "OPENSSH ", ""])
    return f"-----BEGIN {kind}PRIVATE KEY-----\n{lines}\n-----END {kind}PRIVATE KEY-----"


HEXDIGITS = "0123456789abcdef"
SMALL = string.ascii_lowercase + string.digits
CAPITAL = string.ascii_uppercase + string.digits

EVIDENT: dict[str, Callable[[random.Random], str]] = {
    "email": lambda rng: (
        f"{pick(rng, 8, SMALL)}.{pick(rng, 4, SMALL)}@{pick(rng, 7, SMALL)}.{rng.choice(['com', 'org', 'co.uk'])}"
    ),
    "card": card,
    "iban": iban,
    "phone": lambda rng: f"+49 {digits(rng, 3)} {digits(rng, 7)}",
    "jwt": jwt,
    "signed": lambda rng: f"{base64url({'user': pick(rng, 9)})}.{pick(rng, 6)}.{pick(rng, 27)}",
    "private-key": pem,
    "aws": lambda rng: "AKIA" + pick(rng, 16, CAPITAL),
    "github": lambda rng: "ghp_" + pick(rng, 36),
    "github-fine": lambda rng: "github_pat_" + pick(rng, 22) + "_" + pick(rng, 59),
    "gitlab": lambda rng: "glpat-" + pick(rng, 20),
    "google": lambda rng: "AIza" + pick(rng, 35),
    "stripe": lambda rng: "sk_live_" + pick(rng, 24),
    "stripe-test": lambda rng: "sk_test_" + pick(rng, 24),
    "slack": lambda rng: f"xoxb-{digits(rng, 11)}-{digits(rng, 11)}-{pick(rng, 24, SMALL)}",
    "slack-hook": lambda rng: f"https://hooks.slack.com/services/T{pick(rng, 8)}/B{pick(rng, 8)}/{pick(rng, 24)}",
    "sendgrid": lambda rng: f"SG.{pick(rng, 22)}.{pick(rng, 43)}",
    "twilio": lambda rng: "SK" + pick(rng, 32, HEXDIGITS),
    "mailchimp": lambda rng: pick(rng, 32, HEXDIGITS) + "-us12",
    "npm": lambda rng: "npm_" + pick(rng, 36),
    "pypi": lambda rng: "pypi-AgEIcHlwaS5vcmc" + pick(rng, 80),
    "openai": lambda rng: "sk-proj-" + pick(rng, 20) + "T3BlbkFJ" + pick(rng, 20),
    "anthropic": lambda rng: "sk-ant-" + pick(rng, 40),
    "telegram": lambda rng: f"{digits(rng, 9)}:{pick(rng, 35)}",
    "discord": lambda rng: f"M{pick(rng, 23)}.{pick(rng, 6)}.{pick(rng, 27)}",
    "square": lambda rng: "sq0csp-" + pick(rng, 43),
    "shopify": lambda rng: "shpat_" + pick(rng, 32, HEXDIGITS),
    "digitalocean": lambda rng: "dop_v1_" + pick(rng, 64, HEXDIGITS),
    "huggingface": lambda rng: "hf_" + pick(rng, 34, string.ascii_letters),
    "vault": lambda rng: "hvs." + pick(rng, 30),
    "bcrypt": lambda rng: "$2b$12$" + pick(rng, 53, LETTERS + "./"),
    "werkzeug": lambda rng: f"pbkdf2:sha256:600000${pick(rng, 16)}${pick(rng, 64, HEXDIGITS)}",
}
NAMED: dict[str, tuple[tuple[str, ...], Callable[[random.Random], str]]] = {
    "password": (
        ("password", "newPassword", "user_password", "passwd", "password_confirmation"),
        lambda rng: pick(rng, 11) + "!9x",
    ),
    "words": (("passphrase", "password"), lambda rng: f"{pick(rng, 8)} {pick(rng, 7)} {pick(rng, 6)}"),
    "secret": (("secret", "client_secret", "clientSecret", "app-secret"), lambda rng: pick(rng, 24)),
    "token": (("token", "access_token", "refreshToken", "csrf_token", "X-Auth-Token"), lambda rng: pick(rng, 20)),
    "hex-token": (("token", "resetToken"), lambda rng: pick(rng, 32, HEXDIGITS)),
    "uuid-token": (
        ("api_key", "invite_token"),
        lambda rng: "-".join(pick(rng, size, HEXDIGITS) for size in (8, 4, 4, 4, 12)),
    ),
    "api-key": (("api_key", "apiKey", "x-api-key", "apikey"), lambda rng: pick(rng, 28)),
    "pin": (("pin", "card_pin"), lambda rng: digits(rng, 8)),
    "otp": (("otp", "verification_code"), lambda rng: digits(rng, 8)),
    "ssn": (("ssn", "social_security_number"), lambda rng: f"{digits(rng, 3)}-{digits(rng, 2)}-{digits(rng, 4)}"),
    "phone": (("phone", "mobilePhone", "phone_number", "fax"), lambda rng: f"0{digits(rng, 3)} {digits(rng, 8)}"),
    "session": (("session_id", "sessionId", "sid"), lambda rng: pick(rng, 26) + "7"),
    "signature": (("signature", "X-Amz-Signature"), lambda rng: pick(rng, 64, HEXDIGITS)),
    "base64": (("secret", "privateKey"), lambda rng: b64encode(rng.randbytes(24)).decode()),
}


def secrets(rng: random.Random, number: int) -> Iterator[Secret]:
    """That many secrets, the kinds in turn."""
    kinds = [*EVIDENT, *(f"{kind}, by name" for kind in NAMED)]
    for place in range(number):
        kind = kinds[place % len(kinds)]
        if kind in EVIDENT:
            yield Secret(kind, rng.choice(["note", "value", "ref", "comment"]), EVIDENT[kind](rng))
        else:
            names, make = NAMED[kind.removesuffix(", by name")]
            yield Secret(kind, rng.choice(names), make(rng))


def is_evident(secret: Secret) -> bool:
    return secret.kind in EVIDENT

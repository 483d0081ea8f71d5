"""What the keys and tokens of clouds and vendors look like.

Most rules come from ``detect-secrets`` (Apache-2.0), whose patterns are kept up to date there. Importing that library
as it stands costs 180 ms and brings ``requests`` into the process under test (it can verify secrets over the
network), so its rule files are read without it: each is run in a namespace of its own in which everything outside the
standard library is an empty stand-in, and its ``denylist`` is taken. Rules that need more of the library than that
are made for lines of source code, not for values, and are not wanted here.

What it lacks is in ``OWN``. Every pattern comes with literals, one of which must stand in a text before it is tried.
"""

from __future__ import annotations

import builtins
import importlib.util
import re
import sys
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import msgspec


class Pattern(msgspec.Struct, frozen=True):
    """``expression`` is tried where one of ``literals`` stands; what it matches is a secret of that ``kind``."""

    kind: str
    expression: re.Pattern[str]
    literals: tuple[str, ...]


class Wanted(NamedTuple):
    """Rules of the library: the file, our name for the kind, literals, and which of its patterns (None for all)."""

    file: str
    kind: str
    literals: tuple[str, ...]
    only: slice = slice(None)


WANTED = (
    Wanted("artifactory", "artifactory-token", ("AKC",), slice(0, 1)),  # the second matches too many words
    Wanted("aws", "aws-key", ("A3T", "ABIA", "ACCA", "AKIA", "ASIA"), slice(0, 1)),
    Wanted("azure_storage_key", "azure-key", ("AccountKey=",)),
    Wanted("discord", "discord-token", (".",)),
    Wanted("github_token", "github-token", ("ghp_", "gho_", "ghu_", "ghs_", "ghr_")),
    Wanted("gitlab_token", "gitlab-token", ("gl", "GR1348941")),
    Wanted("mailchimp", "mailchimp-key", ("-us",)),
    Wanted("pypi_token", "pypi-token", ("pypi-Ag",)),
    Wanted("sendgrid", "sendgrid-key", ("SG.",)),
    Wanted("slack", "slack-token", ("xox", "XOX", "hooks.slack.com", "HOOKS.SLACK.COM")),
    Wanted("square_oauth", "square-secret", ("sq0csp-",)),
    Wanted("stripe", "stripe-key", ("k_live_",)),
    Wanted("telegram_token", "telegram-token", (":",)),
    Wanted("twilio", "twilio-key", ("AC", "SK")),
)

# kind, literals, pattern. No two unbounded repeats that could overlap: the cost is linear in the text.
OWN = (
    ("aws-key", "ABSK", r"ABSK[A-Za-z0-9+/]{100,140}={0,2}"),
    ("google-key", "AIza", r"AIza[0-9A-Za-z_-]{35}"),
    ("google-token", "ya29.", r"ya29\.[0-9A-Za-z_-]{20,1024}"),
    ("google-secret", "GOCSPX-", r"GOCSPX-[0-9A-Za-z_-]{28}"),
    ("github-token", "github_pat_", r"github_pat_[0-9A-Za-z_]{22,255}"),
    ("npm-token", "npm_", r"npm_[0-9A-Za-z]{36}"),
    ("openai-key", "sk-", r"sk-(?:proj-|svcacct-|admin-)?[A-Za-z0-9_-]{32,200}"),
    ("anthropic-key", "sk-ant-", r"sk-ant-[A-Za-z0-9_-]{20,200}"),
    ("huggingface-token", "hf_", r"hf_[A-Za-z0-9]{34}"),
    ("shopify-token", "shp", r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}"),
    ("digitalocean-token", "_v1_", r"do[opr]_v1_[0-9a-f]{64}"),
    ("stripe-key", "k_test_", r"[rs]k_test_[0-9A-Za-z]{16,128}"),
    ("stripe-key", "k_live_", r"[rs]k_live_[0-9A-Za-z]{16,128}"),
    ("webhook-secret", "whsec_", r"whsec_[0-9A-Za-z+/]{24,128}={0,2}"),
    ("databricks-token", "dapi", r"dapi[0-9a-f]{32}(?:-\d)?"),
    ("linear-key", "lin_api_", r"lin_api_[0-9A-Za-z]{32,64}"),
    ("notion-token", "ntn_", r"ntn_[0-9A-Za-z]{40,64}"),
    ("heroku-key", "HRKU-", r"HRKU-[0-9A-Za-z_-]{36,64}"),
    ("vault-token", "hv", r"hv[sbr]\.[0-9A-Za-z_-]{24,256}"),
    ("doppler-token", "dp.", r"dp\.(?:pt|st|ct|sa|scim|audit)\.[0-9A-Za-z._-]{40,80}"),
    ("atlassian-token", "ATATT3", r"ATATT3[0-9A-Za-z_=-]{60,256}"),
    ("newrelic-key", "NRAK-", r"NRAK-[0-9A-Z]{27}"),
    ("postman-key", "PMAK-", r"PMAK-[0-9a-f]{24}-[0-9a-f]{34}"),
    ("grafana-token", "gl", r"gl(?:c|sa)_[0-9A-Za-z+/_]{32,200}={0,2}"),
    ("sentry-token", "sntry", r"sntry[su]_[0-9A-Za-z+/=_-]{40,300}"),
    ("age-key", "AGE-SECRET-KEY-1", r"AGE-SECRET-KEY-1[0-9A-Z]{58}"),
    ("square-token", "EAAA", r"EAAA[0-9A-Za-z_-]{60}"),
    ("square-token", "sq0atp-", r"sq0atp-[0-9A-Za-z_-]{22}"),
    ("paypal-token", "access_token$", r"access_token\$(?:production|sandbox)\$[0-9a-z]{16}\$[0-9a-f]{32}"),
    ("mailgun-key", "key-", r"key-[0-9a-f]{32}(?![0-9a-f])"),
    ("facebook-token", "EAA", r"EAA[A-Z][0-9A-Za-z]{80,300}"),
    ("dropbox-token", "sl.", r"sl\.[0-9A-Za-z_-]{100,300}"),
    ("discord-webhook", "/api/webhooks/", r"https://discord(?:app)?\.com/api/webhooks/\d{10,25}/[0-9A-Za-z_-]{40,100}"),
    ("telegram-token", "bot", r"bot\d{8,10}:AA[0-9A-Za-z_-]{33}"),
    ("password-hash", "$", r"\$2[abxy]\$\d\d\$[./A-Za-z0-9]{53}"),
    (
        "password-hash",
        "$argon2",
        r"\$argon2(?:id|i|d)\$v=\d{1,3}\$m=[\d,tp=]{3,30}\$[A-Za-z0-9+/]{8,90}\$[A-Za-z0-9+/]{16,180}",
    ),
    (
        "password-hash",
        ":",
        r"(?:pbkdf2:sha\d{1,3}:\d{1,8}|scrypt:\d{1,8}:\d{1,4}:\d{1,4})\$[A-Za-z0-9]{8,64}\$[0-9a-f]{32,128}",
    ),
    ("password-hash", "pbkdf2_", r"pbkdf2_sha\d{1,3}\$\d{1,8}\$[A-Za-z0-9]{8,64}\$[A-Za-z0-9+/]{20,100}={0,2}"),
)


@lru_cache(maxsize=1)
def patterns() -> tuple[Pattern, ...]:
    """All of them, the library's first. They are compiled when they are first wanted."""
    own = tuple(Pattern(kind, re.compile(text), (literal,)) for kind, literal, text in OWN)
    return (*library(), *own)


@lru_cache(maxsize=1)
def library() -> tuple[Pattern, ...]:
    """The rules that are taken from detect-secrets; none where it is not installed or has become another."""
    package = importlib.util.find_spec("detect_secrets")
    if package is None or not package.submodule_search_locations:
        return ()
    folder = Path(package.submodule_search_locations[0], "plugins")
    found = []
    for wanted in WANTED:
        for expression in denylist(folder / f"{wanted.file}.py")[wanted.only]:
            found.append(Pattern(wanted.kind, expression, wanted.literals))
    return tuple(found)


def denylist(path: Path) -> list[re.Pattern[str]]:
    """The patterns in one rule file of the library, in order; an empty list where it cannot be read as one."""
    namespace: dict[str, Any] = {
        "__name__": f"rules of {path.stem}",
        "__builtins__": {**vars(builtins), "__import__": load},
    }
    try:
        exec(compile(path.read_bytes(), str(path), "exec"), namespace)  # noqa: S102 - an installed package's own file
    except Exception:  # another layout than 1.5's: our own rules remain, and a test tells
        return []
    return [
        expression
        for value in list(namespace.values())
        if isinstance(value, type) and "denylist" in vars(value)
        for expression in vars(value)["denylist"]
        if isinstance(expression, re.Pattern)
    ]


def load(name: str, scope: Any = None, local: Any = None, names: Any = (), level: int = 0) -> ModuleType:
    """``import`` for a rule file: the standard library as it is, of all else a stand-in."""
    if level == 0 and name.partition(".")[0] in sys.stdlib_module_names:
        return __import__(name, scope, local, names, level)
    return StandIn(name)


class StandIn(ModuleType):
    """A module in which every name is an empty class."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {})

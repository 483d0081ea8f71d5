"""Which names say that a value is secret: keys of JSON, fields of forms, names of query parameters, headers, cookies.

A name is taken apart into words (``newPassword``, ``new_password``, ``X-New-Password``, ``user[new_password]``), and
the words decide. The last word often says that the value is something *about* a secret: ``token_type`` and
``password_min_length`` are not secret.
"""

from __future__ import annotations

import re
from functools import lru_cache
from unicodedata import normalize

import msgspec


class Key(msgspec.Struct, frozen=True):
    """What a name says of its value.

    ``kind`` is the kind of secret. ``numbers``: a number is one as well. ``opaque``: only a string that looks random is
    (a ``session`` may be ``morning``). ``digits``: only a value made of digits is (``phone``). ``counted``: a number is
    a count, a string may be a secret all the same (``pass``).
    """

    kind: str
    numbers: bool = True
    opaque: bool = False
    digits: bool = False
    counted: bool = False


PASSWORD = Key("password")
SECRET = Key("secret")
TOKEN = Key("token")
TOKENS = Key("token", numbers=False, opaque=True)
API_KEY = Key("api-key")
API_KEYS = Key("api-key", numbers=False)
LICENSE = Key("api-key", numbers=False, opaque=True)
PRIVATE_KEY = Key("private-key", numbers=False)
PIN = Key("pin")
OTP = Key("otp")
SSN = Key("ssn")
SIN = Key("sin")
TAN = Key("tan")
PASS = Key("password", counted=True)
SESSION = Key("session", numbers=False, opaque=True)
SIGNATURE = Key("signature", numbers=False, opaque=True)
AUTH = Key("token", numbers=False, opaque=True)
CARD = Key("card", digits=True)
CVV = Key("cvv")
PHONE = Key("phone", digits=True)
CREDENTIALS = Key("credentials", numbers=False)
COOKIE = Key("cookie", numbers=False)
AUTHORIZATION = Key("authorization", numbers=False)

WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\W\d_A-Za-z]+")

# Behind one of these stands something about a secret, not the secret.
ABOUT = frozenset(
    """type types length len min max minimum maximum minlength maxlength required policy policies expires expiry expired
    expiration exp at in on date time timestamp url uri endpoint path href count counts name label hint strength enabled
    disabled valid invalid validity status state changed updated created modified issued ttl lifetime age limit format
    error errors message messages help text title description method alg algorithm algorithms version prompt rules scope
    scopes used usage remaining attempts attempt issuer audience field fields input size set exists present requirements
    history days seconds minutes hours revoked support supported protected verified reset resets tries location header
    prefix column regex pattern score weak strategy provider configured sent delivery channel mode protection
    optional""".split()
)
WEAK_LAST = frozenset({"id", "ids", "no", "number", "index", "position", "hash"})

WHOLE: dict[str, Key] = {
    "auth": AUTH,
    "authorization": AUTHORIZATION,
    "proxyauthorization": AUTHORIZATION,
    "bearer": TOKEN,
    "jwt": TOKEN,
    "csrf": AUTH,
    "xsrf": AUTH,
    "sid": SESSION,
    "session": SESSION,
    "sessid": SESSION,
    "sess": SESSION,
    "connectsid": SESSION,
    "sig": SIGNATURE,
    "signature": SIGNATURE,
    "hmac": SIGNATURE,
    "pwd": PASSWORD,
    "pw": PASSWORD,
    "psw": PASSWORD,
    "senha": PASSWORD,
    "motdepasse": PASSWORD,
    "passkey": SECRET,
    "secretkeybase": SECRET,
    "accesscode": SECRET,
    "devicecode": SECRET,
    "basicauth": CREDENTIALS,
    "authheader": AUTHORIZATION,
    "licensekey": LICENSE,
    "licencekey": LICENSE,
    "pass": PASS,
    "pin": PIN,
    "otp": OTP,
    "totp": OTP,
    "mfa": OTP,
    "tan": TAN,
    "ssn": SSN,
    "sin": SIN,
    "pan": CARD,
    "cvv": CVV,
    "cvc": CVV,
    "creds": CREDENTIALS,
    "credentials": CREDENTIALS,
    "credential": CREDENTIALS,
    "assertion": AUTH,
    "authentication": AUTH,
    "magiclink": AUTH,
    "storepass": PASSWORD,
    "refresh": AUTH,
    **dict.fromkeys("dbpass userpass rootpw mypass pswd passw mdp claveacceso".split(), PASSWORD),
    **dict.fromkeys("psk wifipsk presharedkey totpseed secretword memorableword".split(), SECRET),
    **dict.fromkeys("usertoken xtoken".split(), TOKEN),
    "redisauth": AUTH,
    "securityanswer": SECRET,
    "secretanswer": SECRET,
    "mnemonic": SECRET,
    "seedphrase": SECRET,
    "recoveryphrase": SECRET,
    "connectionstring": SECRET,
    "connstr": SECRET,
    "dsn": AUTH,
    "subscriptionkey": API_KEY,
    "ocpapimsubscriptionkey": API_KEY,
    "codeverifier": SECRET,
    "recoverycode": OTP,
    "backupcode": OTP,
    "verificationcode": OTP,
    "onetimecode": OTP,
    "authcode": OTP,
    "authorizationcode": OTP,
    "smscode": OTP,
    "mfacode": OTP,
    **dict.fromkeys("2facode twofactorcode logincode signincode verifycode resetcode confirmationcode".split(), OTP),
    **dict.fromkeys(
        "invitecode invitationcode activationcode unlockcode pairingcode confirmcode passwordresetcode".split(), OTP
    ),
    "otpcode": OTP,
    "pincode": PIN,
    "securitycode": CVV,
    "cardcode": CVV,
    "cvvcode": CVV,
    "cvccode": CVV,
    "socialsecuritynumber": SSN,
    "socialsecurity": SSN,
    "ssnumber": SSN,
    "ssnno": SSN,
    "nationalid": SSN,
    "taxid": SSN,
    "passportnumber": SSN,
    "passportno": SSN,
    "cardnumber": CARD,
    "cardno": CARD,
    "creditcard": CARD,
    "creditcardnumber": CARD,
    "debitcard": CARD,
    "ccnumber": CARD,
    "ccnum": CARD,
}
PASSES = Key("password", numbers=False)
COUNTED = frozenset("max min total prompt completion input output num number n used cached reasoning".split())
# A token that says where a list goes on: nextPageToken, sync_token.
PLACES = frozenset("page paging pagination next prev previous continuation cursor scroll sync".split())
PASSES_OF = frozenset("boarding season ski bus day rail travel visitor press gate lift event vip render".split())
PHONES = frozenset({"phone", "tel", "telephone", "mobile", "cell", "cellphone", "fax", "msisdn", "whatsapp", "handset"})
# Of several of these a number is a count.
SEVERAL = PHONES | {"code", "pin", "otp", "cvv", "cvc", "ssn"}
KEYS = frozenset(
    """api access secret private signing encryption master auth service account hmac app application shared session
    server admin webhook storage ssh rsa deploy functions consumer client aes recovery product
    signature""".split()
)
LAST: dict[str, Key] = {
    "token": TOKEN,
    "tokens": TOKENS,
    "secret": SECRET,
    "secrets": CREDENTIALS,
    "jwt": TOKEN,
    "sid": SESSION,
    "sessid": SESSION,
    "session": SESSION,
    "signature": SIGNATURE,
    "sig": SIGNATURE,
    "hmac": SIGNATURE,
    "pin": PIN,
    "otp": OTP,
    "totp": OTP,
    "ssn": SSN,
    "cvv": CVV,
    "cvv2": CVV,
    "cvc": CVV,
    "pass": PASS,
    "pw": PASSWORD,
    "psw": PASSWORD,
    "senha": PASSWORD,
    "mnemonic": SECRET,
    "passkey": SECRET,
    "csrf": AUTH,
    "xsrf": AUTH,
    "bearer": TOKEN,
    "authorization": AUTHORIZATION,
    "credential": CREDENTIALS,
    "credentials": CREDENTIALS,
    "cookie": COOKIE,
    "cookies": COOKIE,
}
ELSEWHERE = """wachtwoord losenord adgangskode passord salasana heslo jelszo sifre lozinka
haslo contrasenya пароль 密码 密碼
パスワード 비밀번호""".split()
GLUED = (
    ("password", PASSWORD),
    ("passwd", PASSWORD),
    ("passphrase", PASSWORD),
    ("passcode", PASSWORD),
    ("passwort", PASSWORD),
    ("kennwort", PASSWORD),
    ("contrasena", PASSWORD),
    ("pwd", PASSWORD),
    *((word, PASSWORD) for word in ELSEWHERE),
)
GLUED_LAST = (
    ("apikey", API_KEY),
    ("apitoken", TOKEN),
    ("accesskey", API_KEY),
    ("secretkey", SECRET),
    ("privatekey", PRIVATE_KEY),
    ("accesstoken", TOKEN),
    ("refreshtoken", TOKEN),
    ("authtoken", TOKEN),
    ("csrftoken", TOKEN),
    ("xsrftoken", TOKEN),
    ("idtoken", TOKEN),
    ("sessiontoken", TOKEN),
    ("bearertoken", TOKEN),
    ("middlewaretoken", TOKEN),
    ("verificationtoken", TOKEN),
    ("clientsecret", SECRET),
    ("appsecret", SECRET),
    ("sessionid", SESSION),
    ("sessid", SESSION),
    ("authkey", API_KEY),
    ("secret", SECRET),
)


@lru_cache(maxsize=8192)
def words_of(name: str) -> tuple[str, ...]:
    """The words of a name in small letters, whatever joins them."""
    if not name.isascii():  # contraseña, lösenord, hasło
        name = "".join(
            bare[0] if (bare := normalize("NFD", letter))[0].isascii() else letter for letter in name.replace("ł", "l")
        )
    return tuple(word.lower() for word in WORDS.findall(name))


@lru_cache(maxsize=8192)
def key_of(name: str) -> Key | None:
    """What a name says of its value, or None where it says nothing."""
    if len(name) > 200:
        return None
    words = words_of(name)
    if not words:
        return None
    while len(words) > 1 and is_tail(words):
        words = words[:-1]
    while len(words) > 1 and words[0] in ("x", "user", "http"):
        words = words[1:]
    joined, last = "".join(words), words[-1]
    if last[-1] == "s" and (last[:-1] in SEVERAL or (last == "numbers" and len(words) > 1 and words[-2] in PHONES)):
        one = key_of("_".join((*words[:-1], last[:-1])))
        return one and msgspec.structs.replace(one, counted=True)
    found = WHOLE.get(joined)
    if found:
        return found
    if last in ABOUT or words[0] in ("forgot", "forgotten", "lost"):
        return None
    if last in PHONES or (len(words) > 1 and words[-2] in PHONES and last in ("number", "no", "home", "work", "nr")):
        return PHONE
    if joined.endswith(("phonenumber", "telephone", "mobilenumber")):
        return PHONE
    for part, key in GLUED:
        if part in joined and not joined.endswith(f"{part}less") and (last not in WEAK_LAST or last == "hash"):
            return PASSES if last.endswith("s") and not part.endswith("s") else key
    found = LAST.get(last)
    if found:
        passes = last == "pass" and words[-2] in PASSES_OF
        return None if passes or (found.kind == "token" and not (COUNTED | PLACES).isdisjoint(words)) else found
    if last in ("key", "keys") and len(words) > 1 and words[-2] in KEYS:
        return PRIVATE_KEY if words[-2] in ("private", "ssh", "rsa") else API_KEY if last == "key" else API_KEYS
    if last == "id" and len(words) > 1 and words[-2] in ("session", "sess"):
        return SESSION
    for part, key in GLUED_LAST:
        if joined.endswith(part):
            return key
    for tail, key in TAILS:
        if joined.endswith(tail):
            return key
    return None


# Behind these words stands the secret itself, written in some way.
WRITTEN = frozenset("value confirm confirmation again raw str string b base hex".split())


def is_tail(words: tuple[str, ...]) -> bool:
    """Whether the last word of a name says nothing, so that those before it decide."""
    if "".join(words) in WHOLE:
        return False
    last, before = words[-1], words[-2]
    if last in ("data", "text", "input", "field"):
        return before == "secret" or any(before == part for part, _ in GLUED)
    return last.isdigit() or last in WRITTEN


TAILS = tuple((name, key) for name, key in WHOLE.items() if len(name) >= 9)

# Under a secret key an object's own keys decide, except where they only say "the value".
NEUTRAL = frozenset("value values raw plain plaintext content data current new old text string body".split())
# Under these, what stands below ``password`` is a message about it.
MESSAGES = frozenset("error errors message messages msg violations validation detail details issues".split())


def is_neutral(name: str) -> bool:
    return name.lower() in NEUTRAL or name.isdigit()


def is_message(name: str) -> bool:
    return not MESSAGES.isdisjoint(words_of(name))


NAMES = frozenset({*WHOLE, *LAST, *(part for part, _ in GLUED), *(part for part, _ in GLUED_LAST)})


def is_name(text: str) -> bool:
    """Whether a text is nothing but such a name, in small letters (``access_token``): as a value it says nothing."""
    return text.replace("_", "") in NAMES

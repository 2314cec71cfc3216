"""No secret passes: by name, by pattern, by its own text."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.resilience import redaction
from radtui.resilience.redaction import MASK, hide, named, redact, redact_values

_PLAIN = st.text("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789._-", min_size=6, max_size=40).map(lambda text: f"Zq{text}")
_ANY = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=6, max_size=40).map(
    lambda t: f"Zq{t}"
)
_NAMES = st.sampled_from(
    ["KC-API-KEY", "KC-API-SIGN", "kc-api-passphrase", "passphrase", "secret", "api_secret", "KUCOIN_API_SECRET",
     "token",     "access_token", "apiKey", "api-key", "Authorization", "password", "signature", "Set-Cookie"]
)  # fmt: skip
_SHAPES = st.sampled_from(
    ["{n}={v}", "{n}: {v}", "GET https://h/x?a=1&{n}={v}&b=2", "'{n}': '{v}'", '{{"{n}": "{v}"}}', '{n}="{v}"',
     '\\"{n}\\": \\"{v}\\"', "{n} = {v}, next", "headers {{{n}: {v}}}", '{n}="{v}', "{n}='{v} and {v}'"]
)  # fmt: skip
checks = settings(max_examples=100, deadline=None)


@checks
@given(_NAMES, _PLAIN, _SHAPES)
def test_the_value_of_a_secret_name_is_masked_in_any_shape(name: str, value: str, shape: str) -> None:
    clean = redact(f"before {shape.format(n=name, v=value)} after=1")
    assert value not in clean
    assert MASK in clean
    assert clean.startswith("before ")


@checks
@given(st.sampled_from(["Bearer", "bearer", "Basic"]), _PLAIN)
def test_a_bearer_token_is_masked_anywhere(word: str, value: str) -> None:
    assert value not in redact(f"it sent {word} {value}")
    assert value not in redact(f"Authorization: {word} {value}, more")


@checks
@given(_ANY, st.text())
def test_a_known_secret_is_masked_in_any_text(secret: str, around: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(redaction, "_known", set())
        hide([secret, ""])
        assert secret not in redact(f"{around}{secret}{around}")
        assert secret not in str(redact_values({"note": [around, {"deep": (secret,)}], secret: 1}))


@checks
@given(_NAMES, _ANY)
def test_values_are_masked_by_name_at_any_depth_and_stay_json(name: str, value: str) -> None:
    clean = redact_values(
        {"headers": {name: value, "n": 1}, "list": [{name: [value]}], "text": f"{name}={value}", "ok": None}
    )
    assert clean["headers"] == {name: MASK, "n": 1}
    assert clean["list"] == [{name: MASK}]
    assert json.loads(json.dumps(clean)) == clean


@pytest.mark.parametrize(
    "text",
    [
        "design: wide",
        "tokens: 5",
        "order a-1 filled at 30000.1",
        "key: q",
        "secretly done",
        "https://h/x?symbol=XBTUSDTM",
        "basic idea",
    ],
)
def test_ordinary_words_stay(text: str) -> None:
    assert redact(text) == text


def test_a_login_inside_an_address_is_masked() -> None:
    assert redact("to postgresql://me:hunter2@db/x") == f"to postgresql://{MASK}@db/x"


def test_an_escaped_quote_does_not_end_a_secret() -> None:
    assert "tail" not in redact(r'{"secret": "head\"tail"}')


_MARKER = "Mk9zQw7Xy3Lp5Rt8"


@pytest.mark.parametrize(
    "shape",
    [
        "kcApiSign: {}",
        "RADTUI_KUCOIN__SECRET={}",
        "RADTUI_API__TOKENS='me:control:{0},you:read:{0}'",
        'api_tokens = ["{}"]',
        "authorization: Digest username=x, response={}",
        "wss://h/?connectId=1&token%3D{}",
        "tgram://{}/123",
        "discord://123/{}/",
        "mailto://u:{}@example.com?to=x",
        "[(b'kc-api-sign', b'{}')]",
        "Cookie: a=b; session={}",
        "-----BEGIN EC PRIVATE KEY-----\n{}\n-----END EC PRIVATE KEY-----",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.{}",
        "pwd={}",
        "bearer:{}",
        "session_id={}",
    ],
)
def test_it_is_found_in_the_shapes_that_libraries_give_it(shape: str) -> None:
    text = f"before {shape.format(_MARKER)}"
    assert _MARKER not in redact(text)
    assert redact(text).startswith("before ")
    assert redaction.suspicious(text.encode())


@pytest.mark.parametrize(
    "fields",
    [
        {"clientSecret": _MARKER},
        {"kcApiSign": _MARKER},
        {"kucoin.secret": _MARKER},
        {"RADTUI_API__TOKENS": _MARKER},
        {"tokens": [_MARKER]},
        {"credential": {"deep": _MARKER}},
        {"pass": _MARKER},
        {"headers": [("KC-API-SIGN", _MARKER)]},
        {"headers": [[b"kc-api-sign", _MARKER.encode()]]},
        {b"passphrase": _MARKER},
        {"raw": f"token={_MARKER}".encode()},
        {"error": ValueError(f"secret={_MARKER}")},
    ],
)
def test_it_is_found_in_the_fields_that_libraries_give_it(fields: dict[object, object]) -> None:
    assert _MARKER not in str(redact_values(fields))


def test_an_address_with_nothing_behind_its_scheme_is_no_secret_and_hides_none() -> None:
    hide(["tgram://"])
    assert redact("no such channel: tgram://") == "no such channel: tgram://"
    assert _MARKER not in redact(f"tgram://{_MARKER}/123")


def test_how_many_there_are_is_no_secret() -> None:
    assert redact_values({"tokens": 5, "api_keys": 0.5}) == {"tokens": 5, "api_keys": 0.5}


@checks
@given(st.text())
def test_what_is_changed_was_suspicious(text: str) -> None:
    assert redact(text) == text or redaction.suspicious(text.encode(errors="surrogatepass"))


@pytest.mark.parametrize(
    "text", ["mailto://…, tgram://…", "postgresql+psycopg://db/x", "http://127.0.0.1:8001/api", "a:read:b"]
)
def test_what_only_looks_like_one_stays(text: str) -> None:
    assert redact(text) == text


def said(source: str) -> Iterator[str]:
    """Yield the texts of a module, with a name in the place of what is filled in; documentation is not said."""
    tree = ast.parse(source)
    nodes = list(ast.walk(tree))
    silent = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    silent |= {id(part) for node in nodes if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent:
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "NAME" for part in node.values)


@pytest.mark.parametrize("folder", ["cli", "settings"])
def test_no_remedy_of_ours_is_eaten(folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redaction, "_known", set())  # what other tests hid may be a word of ours
    programs = {"redaction.py", "entrance.py"}  # patterns, and a page for a browser
    for path in sorted(Path(redaction.__file__).parents[1].joinpath(folder).glob("*.py")):
        for text in said(path.read_text()) if path.name not in programs else ():
            assert redact(text) == text, path


def test_an_error_is_named_without_what_is_secret_in_it() -> None:
    hide(["marker-of-an-error"])
    error = ValueError("at https://u:pass-word@x with marker-of-an-error")
    assert named(error) == f"ValueError: at https://{MASK}@x with {MASK}"
    assert named(KeyError("x")) == "KeyError: 'x'"

"""The examples of the schema are answers as they would be, of the types that the routes declare."""

from __future__ import annotations

import jsonschema_rs
import msgspec
import pytest

from radtui.api.app import application
from radtui.api.examples import _EXAMPLES, examples
from tests.api.callers import Scripted

SCHEMA = application(Scripted()).openapi()


@pytest.mark.parametrize("example", _EXAMPLES, ids=lambda example: type(example).__name__)
def test_an_example_reads_back_and_is_what_its_schema_says(example: msgspec.Struct) -> None:
    name = type(example).__name__
    (written,) = SCHEMA["components"]["schemas"][name]["examples"]
    assert msgspec.convert(written, type(example), strict=False) == example
    jsonschema_rs.validate({"$ref": f"#/components/schemas/{name}", "components": SCHEMA["components"]}, written)


def test_every_refusal_and_every_answer_to_an_instruction_has_one() -> None:
    assert {"Refusal", "Answer", "Receipt", "Orders", "Positions", "Balances"} <= set(examples())


def test_every_route_says_what_it_is_for_and_what_it_answers() -> None:
    for path, methods in SCHEMA["paths"].items():
        for method, operation in methods.items():
            assert operation["summary"], path
            assert operation["tags"], path
            assert {"200", "400", "401", "403", "429"} <= set(operation["responses"]), (method, path)
            for status, answer in operation["responses"].items():
                assert answer["description"], (path, status)
                assert answer.get("content"), (path, status)

"""What sessions of the official client have in common: building a request, and seeing whether an answer is whole."""

from __future__ import annotations

import warnings
from typing import Any

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # its models are declared the way of an older pydantic
    from pydantic import BaseModel

WARNINGS = (
    "ignore:Accessing the 'model_fields' attribute:DeprecationWarning",
    "ignore:.*:pydantic.warnings.PydanticDeprecatedSince20",
)
"""What the official client's own code is told by the pydantic of today."""


def ask(builder: type[Any], **fields: object) -> Any:
    """Return the request that a builder makes of these fields."""
    made = builder()
    for name, value in fields.items():
        getattr(made, f"set_{name}")(value)
    return made.build()


def whole(answer: Any) -> Any:
    """Return an answer of which nothing was lost; where one type is not as it thinks, the client drops all."""
    received = answer.common_response.data
    assert received is not None
    same(answer, received, type(answer).__name__)
    return answer


def same(model: Any, received: Any, place: str) -> None:
    """Compare what a model holds with what came, field by field as far as the model knows them."""
    if isinstance(model, BaseModel):
        _same_fields(model, received, place)
    elif isinstance(model, dict):
        assert set(model) == set(received), place
        for name in model:
            same(model[name], received[name], f"{place}.{name}")
    elif isinstance(model, list):
        for number, (one, other) in enumerate(zip(model, received, strict=True)):
            same(one, other, f"{place}[{number}]")
    elif isinstance(model, int | float) and isinstance(received, str):
        assert model == float(received), place  # it takes some prices through a float
    else:
        assert getattr(model, "value", model) == received, place


def _same_fields(model: BaseModel, received: Any, place: str) -> None:
    fields = type(model).model_fields
    names = {field.alias or name: name for name, field in fields.items() if name != "common_response"}
    if len(names) == 1 and not (isinstance(received, dict) and set(names) <= set(received)):
        received = {next(iter(names)): received}  # the whole answer became one field
    known = set(names) & set(received)
    assert known, f"{place}: nothing was read of {received}"
    for alias in known:
        same(getattr(model, names[alias]), received[alias], f"{place}.{alias}")


def absent(model: Any) -> set[str]:
    """Return the names of a model's fields that hold nothing."""
    return {name for name in type(model).model_fields if name != "common_response" and getattr(model, name) is None}

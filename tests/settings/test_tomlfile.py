"""Values are exact and every key has its line."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from radtui.settings import tomlfile

unhurried = hypothesis_settings(max_examples=40, deadline=None)

_NAMES = st.text("abcdefgh_", min_size=1, max_size=6)


@unhurried
@given(st.dictionaries(_NAMES, st.dictionaries(_NAMES, st.integers(), min_size=1, max_size=4), max_size=4), st.data())
def test_each_key_has_the_line_it_was_written_on(tree: dict[str, dict[str, int]], data: st.DataObject) -> None:
    rows: list[str] = []
    expected: dict[str, int] = {}
    for table, values in tree.items():
        rows += data.draw(st.sampled_from([[], [""], ["# note = 1", ""]]))
        rows.append(f" [ {table} ]  # [x]")
        for name, value in values.items():
            rows.append(data.draw(st.sampled_from([f"{name} = {value}", f'  "{name}"= {value} # y = 2'])))
            expected[f"{table}.{name}"] = len(rows)
    found = tomlfile.lines("\n".join(rows))
    assert {key: tomlfile.line_of(key, found) for key in expected} == expected


def test_a_key_inside_an_inline_table_has_the_line_of_the_table() -> None:
    found = tomlfile.lines("\nrisk = { leverage = 3 }\nui.theme = 'x'")
    assert tomlfile.line_of("risk.leverage", found) == 2
    assert tomlfile.line_of("ui.theme", found) == 3
    assert tomlfile.line_of("bot.name", found) is None


def test_numbers_keep_every_digit(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text("x = 0.10000000000000000001")
    assert tomlfile.read(tmp_path / "c.toml")[0] == {"x": Decimal("0.10000000000000000001")}


def test_a_tree_is_flattened_and_an_empty_table_is_not_lost() -> None:
    assert dict(tomlfile.flat({"a": {"b": {"c": 1}}, "d": {}, "e": 2})) == {"a.b.c": 1, "d": {}, "e": 2}


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"a = 1\nb = = 2", r"not valid TOML: .*line 2, column 5"),
        (b"a = 1\nb =", r"not valid TOML: .*line 2, column 4"),
        (b"a = '", r"not valid TOML: .*line 1, column 6"),
        (b"a = '\xff'", r"not UTF-8 text \(byte 6\)"),
    ],
)
def test_a_file_that_is_not_toml_says_where(content: bytes, complaint: str, tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_bytes(content)
    with pytest.raises(tomlfile.BadFile, match=complaint):
        tomlfile.read(tmp_path / "c.toml")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(tomlfile.BadFile, match="cannot be read: Is a directory"):
        tomlfile.read(tmp_path)

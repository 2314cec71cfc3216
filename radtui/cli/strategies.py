"""``radtui strategies``: what there is to trade with; ``radtui strategies new NAME``: the beginning of one's own."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterable, Mapping
from contextlib import redirect_stdout
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Final

from cyclopts import App, Parameter

from radtui.cli.answers import document, table
from radtui.cli.failures import Exit, Failure
from radtui.cli.flags import Flags
from radtui.cli.opening import opened
from radtui.cli.streams import complain, say
from radtui.settings.strategies import as_text
from radtui.strategies.admitting import ranged
from radtui.strategies.base import StrategyRefused
from radtui.strategies.describing import Described, Knob, all_known, one
from radtui.strategies.newcomer import class_of, files_of

app: Final = App(name="strategies", help="What there is to trade with; a new one of your own.")
AsJson = Annotated[bool, Parameter(name="--json", help="Print one JSON document.", negative="")]
_HEADS: Final = ("  PARAMETER", "DEFAULT", "RANGE", "MEANING")


@app.default
def strategies(
    *names: Annotated[str, Parameter(help="Only these, explained: names, or FILE:CLASS of your own.")],
    config: Annotated[Path | None, Parameter(help="TOML file of settings, in place of your own config.toml.")] = None,
    as_json: AsJson = False,
) -> int:
    """List the strategies with their parameters: the built-in ones, and those that installed packages offer.

    Of the strategies that are named, also what they go by is printed. One of your own needs no list: --strategy
    FILE:CLASS flies it, and `radtui strategies new NAME` writes it. What your settings set for
    a strategy is shown beside the defaults.
    """
    with redirect_stdout(sys.stderr):  # what a file prints when it is loaded is no part of the list
        found = [_named(name) for name in names] if names else all_known()
    told = _told(found, config)
    if as_json:
        say(document({"strategies": [_plain(each, told.get(each.name, {})) for each in found]}))
    else:
        say("\n\n".join(_page(each, told.get(each.name, {}), explained=bool(names)) for each in found))
    return Exit.DONE


@app.command(help="Write a strategy that works, and its test.")
def new(
    name: Annotated[str, Parameter(help="Of the strategy and its file: small letters, as in night_owl.")],
    /,
    *,
    directory: Annotated[Path, Parameter(name="--dir", help="Folder of the files; without it this one.")] = Path(),
    as_json: AsJson = False,
) -> int:
    """Write a strategy that works, and its test, to make your own; nothing is overwritten."""
    try:
        written = {directory / file: text for file, text in files_of(name).items()}
    except StrategyRefused as refused:
        raise Failure(str(refused), means="Nothing was written.", code=Exit.USAGE) from None
    _write(written)
    module, test = map(str, written)
    spec = f"{module}:{class_of(name)}"
    if as_json:
        say(document({"wrote": [module, test], "strategy": spec}))
    else:
        steps = map(shlex.join, (["pytest", test], ["radtui", "strategies", spec], ["radtui", "--strategy", spec]))
        say("\n".join([*(f"wrote {path}" for path in written), *(f"next: {step}" for step in steps)]))
    return Exit.DONE


def _told(found: Iterable[Described], config: Path | None) -> dict[str, dict[str, str]]:
    """Return what the settings set for each; where they cannot be used, that is said beside the list."""
    try:
        settings = opened(Flags(config=config)).settings
    except Failure as failure:
        complain(f"radtui: what is set is not shown: {failure.title}; `radtui config check` says more")
        return {}
    told = ((each.name, settings.parameters_of(each.name)) for each in found if not each.fault)
    return {name: {parameter: as_text(value) for parameter, value in table.items()} for name, table in told}


def _named(name: str) -> Described:
    try:
        return one(name)
    except StrategyRefused as refused:
        raise Failure(str(refused), code=Exit.USAGE) from None


def _write(written: Mapping[Path, str]) -> None:
    """Write all of the files, or say what stands in the way; one that is there already is never touched."""
    there = [path for path in written if path.exists() or path.is_symlink()]
    if there:
        raise Failure(
            f"{' and '.join(map(str, there))} {'is' if len(there) == 1 else 'are'} there already",
            means="Nothing was written.",
            todo="choose another name, or another --dir",
        )
    done: list[str] = []
    for path, text in written.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
            done.append(str(path))
        except OSError as error:
            raise Failure(
                f"{path} cannot be written: {error.strerror}",
                means=f"{' and '.join(done) or 'Nothing'} was written.",
                todo="choose another folder with --dir",
            ) from None


def _plain(each: Described, told_to_it: Mapping[str, str]) -> Mapping[str, Any]:
    told = asdict(each)
    told["parameters"] = [{**asdict(knob), "set": told_to_it.get(knob.name)} for knob in each.knobs]
    del told["knobs"]
    return told


def _page(each: Described, told: Mapping[str, str], *, explained: bool) -> str:
    head = f"{each.name}  ({each.origin})"
    if each.fault:
        return f"{head}\n  cannot be used: {each.fault}"
    does = [f"  {each.does}"] if each.does else []
    explanation = ["", *each.explanation.splitlines(), ""] if explained and each.explanation else []
    lines = [head, *does, *(f"  {line}".rstrip() for line in explanation)]
    others = {knob.name: told[knob.name] for knob in each.knobs if told.get(knob.name, knob.default) != knob.default}
    heads = (_HEADS[0], "SET", *_HEADS[1:]) if others else _HEADS
    return "\n".join([*lines, table(heads, (_row(knob, others) for knob in each.knobs))])


def _row(knob: Knob, others: Mapping[str, str]) -> tuple[str, ...]:
    """Return a line of the table, with what is set where anything is."""
    default = "(to be told)" if knob.default is None else knob.default
    name, rest = f"  {knob.name}", (default, ranged(knob.bounds), knob.meaning)
    return (name, others.get(knob.name, ""), *rest) if others else (name, *rest)

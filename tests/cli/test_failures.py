"""A failure says what happened, what it means and what to do."""

from radtui.cli.failures import Exit, Failure


def test_a_failure_on_a_terminal() -> None:
    failure = Failure(
        "no engine there", means="Nothing runs.\nNothing was changed.", todo="start one", code=Exit.NO_ENGINE
    )
    assert failure.text() == "radtui: no engine there\n  Nothing runs.\n  Nothing was changed.\n  What to do: start one"
    assert Failure("x").text() == "radtui: x"


def test_a_failure_as_json() -> None:
    assert Failure("x", todo="y").document() == {"error": {"title": "x", "means": "", "todo": "y", "code": 1}}
    assert Failure("x", document={"ok": False}).document() == {"ok": False}


def test_the_exit_codes_scripts_rely_on() -> None:
    assert [int(code) for code in Exit] == [0, 1, 2, 3, 4, 130]

"""The end of every command: exactly one exit code, a message where it is not 0, and never a traceback."""

from __future__ import annotations

from collections.abc import Callable

from radtui.cli import streams
from radtui.cli.failures import Exit, Failure


def settle(work: Callable[[], int], arguments: list[str]) -> int:
    """Do `work` and return the exit code, whatever happens in it.

    Args:
        arguments: as typed; ``--json`` among them makes a failure one JSON document on standard output as well.
    """
    streams.prepare()
    try:
        return _done(work, arguments)
    except streams.OutputLost as lost:
        streams.give_up_output()
        if lost.why:
            streams.complain(f"radtui: the output could not be written: {lost.why}")
            streams.complain("  What was asked for was done; only its answer is lost.")
            streams.complain("  What to do: give standard output somewhere to go, for example > FILE")
        return Exit.REFUSED


def _done(work: Callable[[], int], arguments: list[str]) -> int:
    try:
        code = work()
    except Failure as failure:
        code = _tell(failure, arguments)
    except KeyboardInterrupt:
        code = Exit.INTERRUPTED
    except streams.OutputLost:
        raise
    except Exception as error:
        from radtui.cli.crash import crashed

        code = _tell(crashed(error, arguments), arguments)
    streams.flush()
    return code


def _tell(failure: Failure, arguments: list[str]) -> int:
    import json

    from radtui.resilience.redaction import redact, redact_values

    streams.complain(redact(failure.text()))
    if "--json" in arguments:
        try:
            streams.say(json.dumps(redact_values(failure.document()), indent=2))
        except streams.OutputLost:  # standard error has it, and the exit code says more than that nobody reads
            streams.give_up_output()
    return failure.code

"""What a survey says, to people and to machines."""

from __future__ import annotations

import shlex

import msgspec

from radtui.simserver.explore.batch import Survey, Verdict, digest, judge
from radtui.simserver.explore.kinds import Kind
from radtui.simserver.explore.outcome import Exposure, Outcome, Plan, Tally, Violation
from radtui.simserver.explore.report import command, document, failure, summary
from radtui.simserver.explore.selection import Occurrence, Selection, of, parse

CRASH = Occurrence(Kind.CRASH, "minute.2")


def outcome(plan: Plan, **_: object) -> Outcome:
    broken = Violation("money adds up", 130.0, "1 USDT came from nowhere") if plan.selection.admits(CRASH) else None
    struck = (CRASH,) if broken else ()
    return Outcome(
        plan=plan,
        digest=f"{plan.seed:x}",
        simulated=600.0,
        spent=2.0,
        tally=Tally(lives=1),
        exposure=Exposure(held=200.0, excused=20.0, bare=1.0, worst=plan.seed / 10),
        violation=broken,
        struck=struck,
    )


def test_a_failure_names_seed_invariant_faults_and_the_command_that_replays_it() -> None:
    verdict = judge(Plan(seed=5, minutes=10.0), outcome)
    text = failure(verdict)
    assert "seed 5: money adds up: 1 USDT came from nowhere (after 130.0 s)" in text
    assert "needs: crash" in text
    assert "radtui sim run --seeds 1 --first-seed 5 --faults crash@minute.2 --minutes 10" in text


def test_the_command_gives_the_same_plan_again() -> None:
    plan = Plan(seed=9, selection=of([CRASH]), minutes=7.5)
    words = shlex.split(command(plan))
    told = dict(zip(words[3::2], words[4::2], strict=True))
    assert parse(told["--faults"]) == plan.selection
    assert (int(told["--first-seed"]), float(told["--minutes"]), told["--seeds"]) == (9, 7.5, "1")
    assert "--faults none" in command(Plan(seed=1, selection=Selection()))


def test_one_document_with_everything_in_it() -> None:
    asked = Survey(seeds=2, first=3, selection=parse("lost"))
    verdicts = [judge(plan, outcome) for plan in (Plan(seed=4), Plan(seed=3, selection=asked.selection))]
    found = msgspec.json.decode(msgspec.json.encode(document(asked, verdicts, 1.5)))
    assert found["clean"] == 1
    assert [each["seed"] for each in found["violations"]] == [4]
    assert found["violations"][0]["minimal"] == "crash@minute.2"
    assert found["simulated_per_processor_s"] == 300.0
    assert found["protection"] == {"position_s": 400.0, "excused_share": 0.1, "bare_share": 0.005, "worst_bare_s": 0.4}
    said = summary(found)
    assert said.startswith("1 of 2 seeds clean; 0.3 simulated hours")
    assert "at most 0.4 s without a stop and an excuse, 10% of the time with a position excused" in said


def test_a_clean_seed_has_no_failure_and_the_hash_does_not_mind_the_order() -> None:
    clean = [outcome(Plan(seed=seed, selection=Selection())) for seed in (1, 2, 3)]
    assert failure(Verdict(clean[0])) == ""
    assert digest(clean) == digest(clean[::-1]) != digest(clean[:2])

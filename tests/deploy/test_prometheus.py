"""The dashboard and the alert rules that are shipped: they ask only for figures that there are, and fire in time."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from radtui.health.metrics.page import page
from tests.health.metrics.test_page import flown, with_all

DEPLOY = files("radtui") / "deploy"
RULES = DEPLOY / "prometheus-rules.yml"
NAMES = re.compile(r"\bradtui_[a-z0-9_]+")
CASES = Path(__file__).parent / "prometheus-rules.test.yml"
promtool = pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool (of Prometheus) is not installed here")


def there_are() -> set[str]:
    """Return the names of all samples that the page can have."""
    names = set()
    for family in text_string_to_metric_families(page(with_all(flown())).decode()):
        ends = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum")}.get(family.type, ("",))
        names |= {f"{family.name.removesuffix('_total')}{end}" for end in ends}
    return names


def asked(document: dict[str, Any]) -> list[str]:
    queries = [target["expr"] for panel in document["panels"] for target in panel.get("targets", ())]
    return [*queries, *(each["definition"] for each in document["templating"]["list"] if "definition" in each)]


def test_the_dashboard_asks_only_for_what_there_is() -> None:
    document = json.loads((DEPLOY / "grafana.json").read_text())
    named = {name for query in asked(document) for name in NAMES.findall(query)}
    assert len(named) > 30
    assert named <= there_are()


def test_the_dashboard_is_in_order() -> None:
    panels = json.loads((DEPLOY / "grafana.json").read_text())["panels"]
    ids = [panel["id"] for panel in panels]
    assert len(ids) == len(set(ids))
    places = [panel["gridPos"] for panel in panels]
    assert all(place["x"] + place["w"] <= 24 for place in places)
    covered = [(x, y) for p in places for x in range(p["x"], p["x"] + p["w"]) for y in range(p["y"], p["y"] + p["h"])]
    assert len(covered) == len(set(covered)), "no panel lies on another"


def test_the_rules_ask_only_for_what_there_is() -> None:
    expressions = re.sub(r"(?m)^\s*(summary|todo):.*$", "", RULES.read_text())
    named = set(NAMES.findall(expressions))
    assert len(named) > 15
    assert named <= there_are()


def test_every_rule_says_what_to_do() -> None:
    rules = RULES.read_text().split("- alert: ")[1:]
    assert len(rules) > 15
    for rule in rules:
        assert re.search(r"severity: (warning|error|alarm)\b", rule), rule
        assert "summary: " in rule, rule
        assert "todo: " in rule, rule


@promtool
def test_promtool_takes_the_rules_and_they_fire(tmp_path: Path) -> None:
    (tmp_path / "prometheus-rules.yml").write_text(RULES.read_text())
    cases = tmp_path / "cases.yml"
    cases.write_text(CASES.read_text())
    for command in (("check", "rules", "prometheus-rules.yml"), ("test", "rules", "cases.yml")):
        done = subprocess.run(["promtool", *command], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


@promtool
def test_promtool_has_no_complaint_about_the_page() -> None:
    done = subprocess.run(
        ["promtool", "check", "metrics"], input=page(with_all(flown())), capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")

"""Schedules that Kubernetes would refuse."""

from __future__ import annotations

import pathlib
import re
from functools import cache
from typing import TYPE_CHECKING

import tzdata

from generator.problem import Finding, did_you_mean
from generator.rules.registry import Context, Findings, environment_rule, workload_rule

if TYPE_CHECKING:
    from generator.model import Environment, Spec
    from generator.model.workload import Settings
    from generator.problem import Path

# robfig/cron, which the CronJob controller uses: name, lowest, highest, words.
_FIELDS = (
    ("minute", 0, 59, ""),
    ("hour", 0, 23, ""),
    ("day of month", 1, 31, ""),
    ("month", 1, 12, "jan feb mar apr may jun jul aug sep oct nov dec"),
    ("day of week", 0, 6, "sun mon tue wed thu fri sat"),
)
_PART = re.compile(r"^(\*|\?|(?P<low>\w+)(-(?P<high>\w+))?)(/(?P<step>\d+))?$")


@workload_rule
def cron_is_wrong(settings: Settings) -> Findings:
    """A wrong field is refused by the API server at sync, long after the merge."""
    if settings.schedule is not None:
        yield from _wrong_fields(settings.schedule["cron"], ("schedule", "cron"))


def _wrong_fields(cron: str, path: Path) -> Findings:
    for field, text in zip(_FIELDS, cron.split(), strict=True):
        name, low, high, words = field
        if not all(_fits(part, low, high, words.split()) for part in text.split(",")):
            span = f"{low} to {high}" + (f", or {words.split()[0]} to {words.split()[-1]}" if words else "")
            message = f'"{text}" is no {name}'
            yield Finding(path=path, message=message, fix=f"write {span}, * or */n")


def _fits(part: str, low: int, high: int, words: list[str]) -> bool:
    match = _PART.match(part)
    if not match or match["step"] == "0":
        return False
    bounds = [_number(text, low, words) for text in (match["low"], match["high"]) if text]
    return bounds == sorted(bounds) and all(low <= bound <= high for bound in bounds)


def _number(text: str, low: int, words: list[str]) -> int:
    """Return what a field means; -1, which no field allows, when it means nothing."""
    if text.isdigit():
        return int(text)
    return words.index(text.lower()) + low if text.lower() in words else -1


@workload_rule
def unknown_time_zone(settings: Settings) -> Findings:
    """The CronJob controller knows the IANA time zones."""
    zone = (settings.schedule or {}).get("timeZone")
    if zone:
        yield from _unknown_zone(zone, ("schedule", "timeZone"))


@environment_rule
def sync_window_never_opens(environment: Environment, _spec: Spec, _context: Context) -> Findings:
    """Argo CD finds the whole project invalid then, and syncs none of its Applications."""
    for index, window in enumerate(environment.sync_windows):
        yield from _wrong_fields(window.schedule, ("syncWindows", index, "schedule"))
        yield from _unknown_zone(window.time_zone, ("syncWindows", index, "timeZone"))


def _unknown_zone(zone: str, path: Path) -> Findings:
    zones = _time_zones()
    if zone not in zones:
        fix = did_you_mean(zone, zones) or "write as America/Sao_Paulo"
        yield Finding(path=path, message=f'"{zone}" is not a time zone', fix=fix)


@cache
def _time_zones() -> frozenset[str]:
    """List the IANA names from the package, not from the machine: the same verdict everywhere."""
    return frozenset(pathlib.Path(tzdata.__file__).with_name("zones").read_text(encoding="utf-8").split())

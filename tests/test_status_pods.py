"""Why a pod is not ready: always a reason, whatever the API says. Situations have the words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.status import pods
from generator.status.moments import age, moment, written

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TIMES = st.sampled_from(
    ["2026-11-24T11:59:00Z", "2026-11-20T00:00:00Z", "2027-01-01T00:00:00Z", "nonsense", None]
)
REASONS = st.sampled_from(
    ["CrashLoopBackOff", "ContainerCreating", "ImagePullBackOff", "Error", "OOMKilled", "", None]
)
TEXTS = st.sampled_from(["", "words\nof somebody's", None])
CODES = st.sampled_from([0, 1, 137, 143, 255, None])
ENDED = st.fixed_dictionaries({}, optional={"exitCode": CODES, "reason": REASONS, "message": TEXTS})
STATES = st.fixed_dictionaries(
    {},
    optional={
        "waiting": st.fixed_dictionaries({}, optional={"reason": REASONS, "message": TEXTS}) | st.none(),
        "running": st.fixed_dictionaries({}, optional={"startedAt": TIMES}) | st.none(),
        "terminated": ENDED | st.none(),
    },
)
CONTAINERS = st.lists(
    st.fixed_dictionaries(
        {"name": st.just("web")},
        optional={
            "state": STATES,
            "lastState": STATES,
            "ready": st.booleans(),
            "started": st.booleans() | st.none(),
            "restartCount": st.integers(0, 99),
        },
    ),
    max_size=2,
)
CONDITIONS = st.lists(
    st.fixed_dictionaries(
        {
            "type": st.sampled_from(["Ready", "PodScheduled", "target-health.elbv2.k8s.aws/x"]),
            "status": st.sampled_from(["True", "False", "Unknown"]),
        },
        optional={"reason": REASONS, "message": TEXTS, "lastTransitionTime": TIMES},
    ),
    max_size=3,
)
PODS = st.fixed_dictionaries(
    {
        "metadata": st.fixed_dictionaries(
            {"name": st.just("web-1"), "namespace": st.just("web")},
            optional={
                "deletionTimestamp": TIMES,
                "finalizers": st.just(["x"]),
                "ownerReferences": st.just([{"kind": "Job"}]) | st.just([]),
            },
        )
    },
    optional={
        "spec": st.fixed_dictionaries(
            {}, optional={"readinessGates": st.just([{"conditionType": "target-health.elbv2.k8s.aws/x"}])}
        ),
        "status": st.fixed_dictionaries(
            {},
            optional={
                "phase": st.sampled_from(["Pending", "Running", "Failed", "Succeeded", "Unknown"]),
                "reason": st.sampled_from(["Evicted", "NodeLost", None]),
                "message": TEXTS,
                "startTime": TIMES,
                "conditions": CONDITIONS | st.none(),
                "containerStatuses": CONTAINERS | st.none(),
                "initContainerStatuses": CONTAINERS | st.none(),
            },
        ),
    },
)


@settings(derandomize=True, deadline=None, max_examples=500)
@given(PODS)
def test_there_is_always_a_reason(pod: dict[str, Any]) -> None:
    found = pods.why(pod, NOW)
    assert found.reason
    assert "None" not in found.reason
    assert found.level in (pods.HARD, pods.SOFT)
    assert str(found) == "web/web-1"
    assert isinstance(pods.is_ready(pod), bool)
    assert isinstance(pods.is_over(pod), bool)


@pytest.mark.parametrize(
    ("then", "shown"),
    [
        ("2026-11-24T11:59:30Z", "30s"),
        ("2026-11-24T11:30:00Z", "30m"),
        ("2026-11-24T08:00:00+01:00", "5h"),
        ("2026-11-01T12:00:00Z", "23d"),
        ("2026-11-24T12:00:30Z", "0s"),
        ("nonsense", ""),
        (None, ""),
    ],
)
def test_an_age_has_one_unit(then: str | None, shown: str) -> None:
    assert age(moment(then), NOW) == shown


def test_a_moment_is_written_in_utc() -> None:
    assert written(moment("2026-11-24T08:00:00.123+01:00")) == "2026-11-24T07:00:00Z"
    assert written(None) is None

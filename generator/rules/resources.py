"""What pods ask for, how many there are, and whether that fits."""

from __future__ import annotations

from decimal import Decimal
from math import ceil
from typing import TYPE_CHECKING

from generator.model.quantity import amount
from generator.problem import Finding
from generator.rules.registry import Findings, workload_rule

if TYPE_CHECKING:
    from generator.model.workload import Settings

# What the chart `workload` asks for in its identity-job.yaml.
_IDENTITY_CHECK = {"cpu": amount("50m"), "memory": amount("128Mi"), "pods": Decimal(1)}


@workload_rule
def autoscaling_bounds(settings: Settings) -> Findings:
    """The autoscaler needs room between its bounds."""
    scaling = settings.autoscaling
    if scaling and scaling["min"] > scaling["max"]:
        yield Finding(
            path=("autoscaling", "min"),
            message=f"min {scaling['min']} is above max {scaling['max']}",
            fix="lower min or raise max",
            other=("autoscaling", "max"),
        )


@workload_rule
def autoscaling_target(settings: Settings) -> Findings:
    """A target is a percentage of a request; without either the autoscaler never acts."""
    scaling = settings.autoscaling
    if not scaling:
        return
    if "targetCPU" not in scaling and "targetMemory" not in scaling:
        fix = "add targetCPU, as 70"
        yield Finding(path=("autoscaling",), message="no target to scale towards", fix=fix)
    for target, request in (("targetCPU", "cpu"), ("targetMemory", "memory")):
        if target in scaling and request not in settings.requests:
            yield Finding(
                path=("autoscaling", target),
                message=f"{target} is a percentage of requests.{request}, which is not set",
                fix=f"set resources.requests.{request}",
                other=("resources", "requests"),
            )


@workload_rule
def requests_above_limits(settings: Settings) -> Findings:
    """Kubernetes refuses a pod that is promised more than it may use."""
    for resource, limit in settings.limits.items():
        request = settings.requests.get(resource)
        if request and amount(request) > amount(limit):
            yield Finding(
                path=("resources", "requests", resource),
                message=f"the request {request} is above the limit {limit}",
                fix="raise the limit or lower the request",
                other=("resources", "limits", resource),
            )


@workload_rule
def no_memory_request(settings: Settings) -> Findings:
    """A pod without a memory request is placed anywhere and killed first."""
    if "memory" not in settings.requests:
        path = ("resources", "requests")
        yield Finding(path=path, message="no memory request", fix="add memory, as 128Mi")


@workload_rule
def memory_in_millibytes(settings: Settings) -> Findings:
    """128m of memory is an eighth of a byte: the most common slip of the hand."""
    for kind, amounts in (("requests", settings.requests), ("limits", settings.limits)):
        memory = amounts.get("memory", "")
        if memory and amount(memory) < 2**20:
            yield Finding(
                path=("resources", kind, "memory"),
                message=f"{memory} of memory is less than one mebibyte",
                fix="write Mi or Gi, as 128Mi",
            )


@workload_rule
def quota_too_small(settings: Settings) -> Findings:
    """A rollout needs room for a quarter more pods, and stands still without a word when there is none.

    With AWS permissions a check runs before each sync: beside a job's run, or beside a service's pods, where
    it goes into the room for the rollout.
    """
    pods = 1 if settings.is_job else (settings.autoscaling or {}).get("max", settings.replicas)
    more = 0 if settings.is_job else ceil(pods / 4)  # maxSurge of the chart `workload`
    for key, quota in settings.quota.items():
        each = Decimal(1) if key == "pods" else amount(settings.requests.get(key, "0"))
        check = _IDENTITY_CHECK[key] if settings.uses_aws else Decimal(0)
        need = pods * each + max(more * each, check)
        if not each:
            yield Finding(
                path=("quota", key),
                message=f"a pod that asks for no {key} is refused where there is a quota of it",
                fix=f"set resources.requests.{key}, or remove the quota",
                other=("resources", "requests"),
            )
        elif need > amount(str(quota)):
            most = "one pod" if pods + more == 1 else f"{pods} pods, {pods + more} during a rollout,"
            share = "" if key == "pods" else f" of {settings.requests[key]}"
            beside = " and the identity check" if check > more * each else ""
            yield Finding(
                path=("quota", key),
                message=f"no room for {most}{share}{beside} in {quota}",
                fix="raise the quota, or ask for less",
            )

"""Environments and workloads that come and go: the spec's text as it is to be. Pure: texts in, texts out.

environment   a new environment's file, from another one's
networks      the next free network of a group
workload      a new workload's entry, and what goes with one that is removed
"""

from generator.scaffold.environment import NewEnvironment, derived_domain, environment_text, mentions
from generator.scaffold.networks import next_free
from generator.scaffold.workload import NewWorkload, callers, entry, places

__all__ = [
    "NewEnvironment",
    "NewWorkload",
    "callers",
    "derived_domain",
    "entry",
    "environment_text",
    "mentions",
    "next_free",
    "places",
]

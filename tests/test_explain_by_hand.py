"""What `explain` says of a line, against edits of the spec's text that a person wrote down.

Shares nothing with how `explain` finds another value for a key, nor with how it tells which lines are others
then: a text is edited, judged with the rules and rendered like any other, and difflib compares the files.
The edits change lines in place, where difflib and a person see the same.
"""

from __future__ import annotations

import shutil
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, NamedTuple

import pytest

from generator import render, source
from generator.explain import causes
from generator.explain.rerun import Rerun
from generator.load import load
from generator.problem import dotted
from tests.test_cases import TODAY

if TYPE_CHECKING:
    from pathlib import Path

    from generator.source import Sources

PLATFORM, DEV, STAGING, PRODUCTION = (
    f"environments/{name}.yaml" for name in ("platform", "dev", "staging", "production")
)

# A text of several lines, which the shipped spec does not have.
WITHOUT = "    env:\n      LOG_LEVEL: info\n      PAYMENTS_URL:"
WITH = """\
    env:
      MENU: |
        opens: 11
        closes: 15
        rests: monday
      LOG_LEVEL: info
      PAYMENTS_URL:"""


class Edit(NamedTuple):
    """A key, the text of its value in its surroundings, and another one.

    `changes` is a line that shows it, `stays` one that it has nothing to do with, whatever it says.
    """

    file: str
    key: str
    old: str
    new: str
    changes: tuple[str, str]
    stays: tuple[str, str]


EDITS = (
    Edit(
        PLATFORM,
        "workloadDefaults.terminationGracePeriodSeconds",
        "terminationGracePeriodSeconds: 30",
        "terminationGracePeriodSeconds: 45",
        ("dev/values/orders.yaml", "terminationGracePeriodSeconds: 30"),
        ("dev/values/orders.yaml", "cpu: 100m"),
    ),
    Edit(
        PLATFORM,
        "workloadDefaults.resources.requests.cpu",
        "requests: {cpu: 100m, memory: 128Mi}",
        "requests: {cpu: 150m, memory: 128Mi}",
        ("dev/values/customers.yaml", "cpu: 100m"),
        ("production/values/customers.yaml", "cpu: 250m"),
    ),
    Edit(
        PLATFORM,
        "defaults.logs.retentionDays",
        "logs: {retentionDays: 90}",
        "logs: {retentionDays: 60}",
        ("staging/terraform/platform.tfvars.json", '"retention_days": 90,'),
        ("production/terraform/platform.tfvars.json", '"retention_days": 365,'),
    ),
    Edit(
        PLATFORM,
        "profiles.production.logs.retentionDays",
        "logs: {retentionDays: 365}",
        "logs: {retentionDays: 400}",
        ("production/terraform/platform.tfvars.json", '"retention_days": 365,'),
        ("staging/terraform/platform.tfvars.json", '"retention_days": 90,'),
    ),
    Edit(
        PLATFORM,
        "profiles.development.terraform.autoApply",
        "terraform: {autoApply: true}",
        "terraform: {autoApply: false}",
        ("dev/README.md", "| Terraform apply | automatic |"),
        ("production/README.md", "| Terraform apply | after a person's approval |"),
    ),
    Edit(
        PLATFORM,
        "profiles.production.workloadDefaults.replicas",
        "      replicas: 3\n",
        "      replicas: 5\n",
        ("production/values/payments.yaml", "replicas: 3"),
        ("production/values/kitchen.yaml", "replicas: 4"),
    ),
    Edit(
        PLATFORM,
        "platform.terraform.version",
        "version: 1.11.4",
        "version: 1.11.3",
        ("shared/terraform/workspaces.tfvars.json", '"terraform_version": "1.11.4",'),
        ("shared/terraform/workspaces.tfvars.json", '"organization": "techchallenge",'),
    ),
    Edit(
        PLATFORM,
        "workloads.orders.routes[1].auth",
        "{path: /orders, auth: identified}",
        "{path: /orders, auth: verified}",
        ("dev/README.md", "| api.dev.techchallenge.example | /orders | identified | orders |  |"),
        ("dev/README.md", "| api.dev.techchallenge.example | /menu | none | orders |  |"),
    ),
    Edit(
        PLATFORM,
        "workloads.kitchen.routes[1].host",
        "host: screens,",
        "host: boards,",
        ("staging/values/kitchen.yaml", "- host: screens.staging.techchallenge.example"),
        ("staging/values/kitchen.yaml", "- host: api.staging.techchallenge.example"),
    ),
    Edit(
        PLATFORM,
        "workloads.payments.egress[0].ports[0]",
        "ports: [443]",
        "ports: [8443]",
        ("dev/values/payments.yaml", "- 443"),
        ("dev/values/payments.yaml", "port: 8080"),
    ),
    Edit(
        PLATFORM,
        "workloads.kitchen.aws[0].actions[1]",
        "sqs:DeleteMessage",
        "sqs:ChangeMessageVisibility",
        ("dev/terraform/platform.tfvars.json", '"sqs:DeleteMessage",'),
        ("dev/terraform/platform.tfvars.json", '"sqs:ReceiveMessage",'),
    ),
    Edit(
        PLATFORM,
        "workloads.orders.env.MENU",
        "        closes: 15\n",
        "        closes: 16\n",
        ("production/values/orders.yaml", "closes: 15"),
        ("production/values/orders.yaml", "LOG_LEVEL: info"),
    ),
    Edit(
        PLATFORM,
        "components.ingress-nginx.wave",
        "    wave: 20\n",
        "    wave: 25\n",
        ("dev/argocd/apps/ingress-nginx.yaml", 'argocd.argoproj.io/sync-wave: "20"'),
        ("dev/argocd/apps/ingress-nginx.yaml", "name: ingress-nginx"),
    ),
    Edit(
        PLATFORM,
        "platform.repository.branch",
        "branch: main",
        "branch: trunk",
        ("dev/argocd/root.yaml", "targetRevision: refs/heads/main"),
        ("dev/argocd/root.yaml", "namespace: argocd"),
    ),
    Edit(
        PLATFORM,
        "defaults.region",
        "  region: us-east-1\n",
        "  region: us-west-2\n",
        ("dev/terraform/platform.tfvars.json", '"region": "us-east-1",'),
        ("dev/terraform/platform.tfvars.json", '"cidr": "10.10.0.0/16",'),
    ),
    Edit(
        DEV,
        "profile",
        "profile: development",
        "profile: production",
        ("dev/values/kitchen.yaml", "replicas: 1"),
        ("dev/values/kitchen.yaml", 'tag: "2.1.0"'),
    ),
    Edit(
        DEV,
        "workloads.orders.autoscaling",
        "autoscaling: null",
        "autoscaling: {}",
        ("dev/values/orders.yaml", "replicas: 1"),
        ("dev/values/orders.yaml", "port: 8080"),
    ),
    Edit(
        STAGING,
        "gateway.throttle.rate",
        "rate: 50,",
        "rate: 75,",
        ("staging/terraform/platform.tfvars.json", '"rate": 50,'),
        ("staging/terraform/platform.tfvars.json", '"burst": 100'),
    ),
    Edit(
        DEV,
        "network.cidr",
        "cidr: 10.10.0.0/16",
        "cidr: 10.11.0.0/16",
        ("dev/values/orders.yaml", "- 10.10.224.0/22"),
        ("dev/terraform/platform.tfvars.json", '"service_cidr": "172.20.0.0/16",'),
    ),
    Edit(
        DEV,
        "cluster.nodeGroups.general.instanceTypes[1]",
        "[m7g.large, m6g.large]",
        "[m7g.large, c7g.large]",
        ("dev/terraform/platform.tfvars.json", '"m6g.large"'),
        ("production/terraform/platform.tfvars.json", '"m6g.large",'),
    ),
    Edit(
        DEV,
        "versions.workloads.kitchen",
        "kitchen: 2.1.0",
        "kitchen: 2.1.1",
        ("dev/values/kitchen.yaml", 'tag: "2.1.0"'),
        ("staging/values/kitchen.yaml", 'tag: "2.0.5"'),
    ),
    Edit(
        DEV,
        "workloads.orders.env.LOG_LEVEL",
        "counts again\n    env: {LOG_LEVEL: debug}",
        "counts again\n    env: {LOG_LEVEL: warn}",
        ("dev/values/orders.yaml", "LOG_LEVEL: debug"),
        ("dev/values/customers.yaml", "LOG_LEVEL: debug"),
    ),
    Edit(
        STAGING,
        "workloads.daily-report.schedule.cron",
        '"30 4 * * 1-5"',
        '"45 5 * * 1-5"',
        ("staging/values/daily-report.yaml", 'cron: "30 4 * * 1-5"'),
        ("staging/values/daily-report.yaml", "timeZone: America/Sao_Paulo"),
    ),
    Edit(
        PRODUCTION,
        "workloads.kitchen.replicas",
        "replicas: 4",
        "replicas: 6",
        ("production/values/kitchen.yaml", "replicas: 4"),
        ("production/values/payments.yaml", "replicas: 3"),
    ),
    Edit(
        PRODUCTION,
        "tags.CostCenter",
        "CostCenter: sales",
        "CostCenter: marketing",
        ("production/terraform/platform.tfvars.json", '"CostCenter": "sales",'),
        ("production/terraform/platform.tfvars.json", '"Criticality": "high",'),
    ),
)

Files = dict[str, list[str]]


class Spec:
    """A copy of the shipped spec with the text of several lines, as it renders, and the files explained."""

    def __init__(self, root: Path, repository: Path) -> None:
        self.root = root
        shutil.copytree(repository / "environments", root / "environments")
        shutil.copytree(repository / "argocd" / "charts", root / "argocd" / "charts")
        self.edit(PLATFORM, WITHOUT, WITH)
        self.sources, self.before = self.rendered()
        self.reruns: dict[str, Rerun] = {}

    def edit(self, file: str, old: str, new: str) -> str:
        """Replace a text that is there once; return the whole as it was."""
        path = self.root / file
        text = path.read_text()
        assert text.count(old) == 1, old
        path.write_text(text.replace(old, new))
        return text

    def rendered(self) -> tuple[Sources, Files]:
        """Load and judge it as `make render` does; return the lines of all files."""
        sources = source.load(self.root)
        loaded = load(sources, TODAY)
        assert loaded.spec is not None, loaded.problems
        files = [file for environment in loaded.spec.environments for file in render.environment(environment)]
        files += render.shared(loaded.spec)
        return sources, {path: data.decode().splitlines() for path, data in files}

    def after(self, edit: Edit) -> Files:
        """What is rendered with an edit, which is taken back."""
        text = self.edit(edit.file, edit.old, edit.new)
        try:
            return self.rendered()[1]
        finally:
            (self.root / edit.file).write_text(text)

    def causes(self, path: str, line: int) -> set[tuple[str, str]]:
        """The files and keys that `explain` names for a line, counted from 0."""
        if path not in self.reruns:
            assert self.sources.platform is not None
            arguments = self.sources.platform, self.sources.environments, self.sources.charts, path
            self.reruns[path] = Rerun(*arguments)
        return {(leaf.file, dotted(leaf.path)) for leaf in causes.of_line(self.reruns[path], line + 1)}

    def line(self, path: str, text: str) -> int:
        """The number of the first line with a text."""
        return [line.strip() for line in self.before[path]].index(text)


@pytest.fixture(scope="module")
def spec(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Spec:
    return Spec(tmp_path_factory.mktemp("by-hand"), repository)


def differing(before: list[str], after: list[str]) -> set[int]:
    """Which lines of `before` are others or gone, for difflib; a comma tells of the next line only."""
    old, new = ([line.removesuffix(",") for line in lines] for lines in (before, after))
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    return set(range(len(old))).difference(*(range(b.a, b.a + b.size) for b in blocks))


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: f"{edit.file.split('/')[1]} {edit.key}")
def test_what_an_edit_changes_is_explained_by_it(spec: Spec, edit: Edit) -> None:
    after = spec.after(edit)
    changed = {
        (path, line) for path, lines in spec.before.items() for line in differing(lines, after.get(path, []))
    }
    leaf = (edit.file, edit.key)
    shown, idle = (spec.line(*place) for place in (edit.changes, edit.stays))
    assert (edit.changes[0], shown) in changed
    assert (edit.stays[0], idle) not in changed
    missing = [
        f"{path}:{line + 1}: {spec.before[path][line]}"
        for path, line in sorted(changed)
        if leaf not in spec.causes(path, line)
    ]
    assert missing == []
    assert leaf not in spec.causes(edit.stays[0], idle)

"""Whether Terraform has made what the cluster needs: of the model's names, those that pods or Argo CD use."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.bootstrap.step import Step
from generator.cluster import aws_resources

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.cluster.aws_session import Aws
    from generator.model import Environment

_APP = "https://app.terraform.io/app"


class _Kind(NamedTuple):
    """Names of one kind: what they must be, and what there is."""

    title: str
    wanted: tuple[str, ...]
    there: frozenset[str]

    @property
    def missing(self) -> Iterator[str]:
        return (f"{self.title} {name}" for name in self.wanted if name not in self.there)

    def __str__(self) -> str:
        number = len(self.wanted)
        plural = self.title[:-1] + "ies" if self.title.endswith("y") else f"{self.title}s"
        return f"{number} {self.title if number == 1 else plural}"


def made(aws: Aws, environment: Environment) -> Iterator[Step]:
    """Say what of the stack `platform` is missing, and which secrets nobody has written yet.

    Raises:
        AwsTrouble: AWS refuses, or cannot be asked.
    """
    secrets = aws_resources.secrets(aws, environment.secret_name(""))
    references = sorted(
        {environment.secret_name(r) for w in environment.workloads for r in w.settings.secrets.values()}
    )
    kinds = [kind for kind in _kinds(aws, environment, references, secrets) if kind.wanted]
    yield _stack("platform", environment, kinds)
    for name in references:
        if secrets.get(name) is False:
            fix = f"aws secretsmanager put-secret-value --secret-id {name} --secret-string file:///dev/stdin"
            yield Step("missing", f"the secret {name} has no value yet", fix)
    yield database(environment, secrets)


def database(environment: Environment, secrets: dict[str, bool]) -> Step:
    """Say whether the stack `database` has stored every connection string."""
    names = sorted(environment.database_secret_name(w) for w in environment.workloads if w.settings.database)
    written = frozenset(name for name, has_value in secrets.items() if has_value)
    return _stack("database", environment, [_Kind("connection string", tuple(names), written)])


def how(environment: Environment, stack: str) -> str:
    """Say how a stack is applied here."""
    terraform = environment.platform.terraform
    if terraform.backend == "hcp" and stack in environment.run_stacks:
        name = environment.workspace_name(stack)
        return (
            f"Start or confirm the run of the workspace {name}:\n"
            f"{_APP}/{terraform.organization}/workspaces/{name} (docs/hcp.md)"
        )
    return f"make apply ENV={environment.name} STACK={stack} (docs/terraform.md)"


def _kinds(
    aws: Aws, environment: Environment, references: Iterable[str], secrets: dict[str, bool]
) -> Iterator[_Kind]:
    group = environment.target_group_name
    there = {group} if aws_resources.has_target_group(aws, group) else set()
    yield _Kind("target group", (group,), frozenset(there))
    associations = aws_resources.pod_identities(aws, environment.cluster_name)
    wanted = sorted(f"{namespace}/{account}" for namespace, account in _identities(environment))
    yield _Kind("Pod Identity", tuple(wanted), frozenset(f"{n}/{a}" for n, a in associations))
    yield _Kind("role", tuple(sorted(_roles(environment))), frozenset(aws_resources.roles(aws)))
    yield _Kind("secret", tuple(references), frozenset(secrets))
    groups = tuple(environment.log_groups[use] for use in ("applications", "metrics"))
    found = aws_resources.log_groups(aws, f"/{environment.platform.name}/{environment.name}/")
    yield _Kind("log group", groups, frozenset(found))
    yield _Kind("alert topic", (environment.alert_topic_name,), frozenset(aws_resources.topics(aws)))


def _identities(environment: Environment) -> Iterator[tuple[str, str]]:
    for component in environment.components:
        if component.uses_aws:
            yield component.namespace, component.service_account
    for workload in environment.workloads:
        if workload.settings.uses_aws:
            yield workload.namespace, workload.service_account


def _roles(environment: Environment) -> Iterator[str]:
    yield from (component.role_name for component in environment.components if component.uses_aws)
    yield from environment.addon_role_names.values()
    for workload in environment.workloads:
        if workload.settings.uses_aws:
            yield workload.role_name
        if workload.settings.has_secrets:
            yield workload.secrets_role_name


def _stack(stack: str, environment: Environment, kinds: list[_Kind]) -> Step:
    missing = [name for kind in kinds for name in kind.missing]
    if not missing:
        there = ", ".join(map(str, kinds)) or "nothing that the cluster needs"
        return Step("ok", f"stack {stack}: {there}")
    if len(missing) == sum(len(kind.wanted) for kind in kinds):
        text = f"stack {stack} has not been applied: nothing of it is there"
    else:
        text = f"stack {stack} has not been applied, or not wholly: no {', no '.join(missing)}"
    return Step("missing", text, how(environment, stack))

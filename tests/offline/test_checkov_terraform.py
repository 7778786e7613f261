"""checkov judges terraform/; what fails has its reason in a comment of the resource: `# checkov:skip=...`.

What an environment's values decide is judged in its plan: tests/apply/test_plans.py.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.offline.checkov import STAMP
from tests.terraform import checkov, folders, runner
from tests.terraform.checkov import Finding, Report, Skip
from tests.terraform.runner import TERRAFORM

if TYPE_CHECKING:
    import pathlib

pytestmark = pytest.mark.offline

ROOTS = folders.roots(TERRAFORM)
COMMENTS = checkov.skips(TERRAFORM)

# Modules of nothing that checkov has a check for: an SES identity and CNAME records, the version of a secret.
UNJUDGED = {"hmac_key", "project", "sender", "workspaces"}

# In every run: what it says about this must not be nothing. The second volume is bad only as it is called.
BAD = """
variable "encrypted" {
  type = bool
}

resource "aws_ebs_volume" "alone" {
  availability_zone = "us-east-1a"
  encrypted         = false
}

resource "aws_ebs_volume" "called" {
  availability_zone = "us-east-1a"
  encrypted         = var.encrypted
}
"""
CALL = """
module "bad" {
  source    = "../../modules/bad"
  encrypted = false
}
"""


@pytest.fixture
def copied(tmp_path: pathlib.Path) -> pathlib.Path:
    """A copy of terraform/ with a bad module that every root calls."""
    if not STAMP.exists():
        pytest.skip("checkov is missing: run `make tools`")
    terraform = runner.copy(tmp_path)
    (terraform / "modules" / "bad").mkdir()
    (terraform / "modules" / "bad" / "main.tf").write_text(BAD, encoding="utf-8")
    for root in folders.roots(terraform):
        (root / "bad.tf").write_text(CALL, encoding="utf-8")
    return terraform


def judge(terraform: pathlib.Path, *volumes: str) -> Report:
    """What checkov finds, after it has proven that it finds anything."""
    report = checkov.code(terraform, terraform.parent)
    bad = {f.place.rpartition(".")[2] for f in report.failed if f.check == "CKV_AWS_3"}
    assert bad == set(volumes)
    good = [finding for finding in report.failed if not finding.place.startswith("modules/bad/")]
    return report._replace(failed=good)


def complain(lines: list[str], cure: str) -> None:
    assert not lines, "\n".join([*lines, cure])


def test_no_check_fails_without_a_reason_and_no_reason_is_idle(copied: pathlib.Path) -> None:
    """Without the comments, so that it shows what each of them covers."""
    checkov.remove_skips(copied)
    called = judge(copied, "alone", "called")
    for root in ROOTS:
        for name in folders.labelled(root, "module"):
            judged = {address for address in called.addresses if address.startswith(f"module.{name}.")}
            assert bool(judged) == (name not in UNJUDGED), name
    shutil.rmtree(copied / "stacks")
    alone = judge(copied, "alone")
    assert [address for address in alone.addresses if address.startswith("module.")] == []
    assert called.skipped + alone.skipped == []
    failed = sorted({*called.failed, *alone.failed})
    complain(checkov.unexcused(failed, COMMENTS), "mend it, or say in a comment of the resource why not")
    complain(checkov.idle(failed, COMMENTS), "nothing fails: remove the comment")


def test_whoever_runs_checkov_by_hand_sees_the_same(copied: pathlib.Path) -> None:
    report = judge(copied, "alone", "called")
    assert report.failed == []
    assert {(f.check, f.place) for f in report.skipped} == {(s.check, s.place) for s in COMMENTS}


def test_every_comment_says_why() -> None:
    assert COMMENTS
    assert [comment for comment in COMMENTS if len(comment.reason.split()) < 3] == []
    assert len({(comment.check, comment.place) for comment in COMMENTS}) == len(COMMENTS)


# --- The comments ---

FILE = """
# checkov:skip=CKV_AWS_1: outside
resource "aws_lb" "this" {
  name = "x" # checkov:skip=CKV_AWS_2
  #checkov:skip=CKV_AWS_3:a reason
  access_logs {
  }
  # bridgecrew:skip=CKV2_AWS_4: a longer reason
}
"""


def test_comments_are_found_with_their_blocks_and_removed(tmp_path: pathlib.Path) -> None:
    file = tmp_path / "modules" / "ingress" / "main.tf"
    file.parent.mkdir(parents=True)
    file.write_text(FILE, encoding="utf-8")
    block = "modules/ingress/aws_lb.this"
    assert checkov.skips(tmp_path) == [
        Skip("CKV_AWS_1", "modules/ingress/", "outside"),
        Skip("CKV_AWS_2", block, ""),
        Skip("CKV_AWS_3", block, "a reason"),
        Skip("CKV2_AWS_4", block, "a longer reason"),
    ]
    checkov.remove_skips(tmp_path)
    assert checkov.skips(tmp_path) == []
    assert len(file.read_text(encoding="utf-8").splitlines()) == len(FILE.splitlines())


FOUND = Finding("CKV_AWS_1", "modules/ingress/aws_lb.this", "Do not")


@pytest.mark.parametrize(
    ("check", "place", "covers"),
    [
        ("CKV_AWS_1", "modules/ingress/aws_lb.this", True),
        ("CKV_AWS_11", "modules/ingress/aws_lb.this", False),
        ("CKV_AWS_1", "modules/ingress/aws_lb.other", False),
        ("CKV_AWS_1", "modules/egress/aws_lb.this", False),
        ("CKV_AWS_1", "modules/ingress/", False),
    ],
)
def test_a_comment_covers_one_check_of_its_own_block(check: str, place: str, *, covers: bool) -> None:
    skip = Skip(check, place, "why")
    assert checkov.unexcused([FOUND], [skip]) == ([] if covers else [f"CKV_AWS_1 {FOUND.place}: Do not"])
    assert checkov.idle([FOUND], [skip]) == ([] if covers else [f"{check} {place}"])


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("aws_lb.this[0]", "stacks/platform/aws_lb.this"),
        (
            'module.registry["this"].aws_ecr_repository.this["a.b/c"]',
            "modules/registry/aws_ecr_repository.this",
        ),
    ],
)
def test_a_planned_resource_leads_to_its_block(address: str, place: str) -> None:
    assert checkov.place(address, TERRAFORM / "stacks" / "platform") == place

"""The upload of the packages: what lands in the bucket, what never does, and what is said when it fails.

S3 and STS are the emulator's; what it never answers comes from a server that answers whatever it is told.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
import yaml

import build
import upload
from upload_target import Target

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.terraform.emulator.process import Emulator

    Said = tuple[int, str, str]
    Run = Callable[..., Said]

pytestmark = pytest.mark.offline  # an emulator, a process

ACCOUNT, REGION = "111111111111", "us-east-1"
BUCKET = f"techchallenge-dev-packages-{ACCOUNT}"
ROLE = "techchallenge-dev-packages"
CONTENT = {"authorizer": b"the authorizer", "token": b"the token function"}


def digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def key(function: str) -> str:
    return f"{function}/{digest(CONTENT[function]).hex()}.zip"


def values(**packages: str) -> dict[str, Any]:
    told = {"bucket": BUCKET, "uploader_role_name": ROLE, "repository": "a/b", "branch": "main", **packages}
    return {"account_id": ACCOUNT, "region": REGION, "packages": told}


def render(root: Path, environment: str, content: object, stack: str = "packages") -> None:
    file = root / "rendered" / environment / "terraform" / f"{stack}.tfvars.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content if isinstance(content, str) else json.dumps(content))


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with packages; `dev` has a bucket, `qa` has no gateway."""
    render(tmp_path, "dev", values())
    render(tmp_path, "qa", {}, "platform")
    render(tmp_path, "shared", {}, "workspaces")
    for function, content in CONTENT.items():
        file = tmp_path / ".tools" / f"{function}.zip"
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content)
    return tmp_path


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Nothing of whoever runs the tests, and nothing to reach."""
    for name in [name for name in os.environ if name.startswith(("AWS_", "BOTO"))]:
        monkeypatch.delenv(name)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, os.devnull)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    return monkeypatch


@pytest.fixture
def credentials(alone: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    alone.setenv("AWS_ACCESS_KEY_ID", "test")
    alone.setenv("AWS_SECRET_ACCESS_KEY", "test")
    return alone


@pytest.fixture
def run(checkout: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the program in the checkout."""

    def call(*arguments: str, environment: str = "dev") -> Said:
        given = arguments or ("--environment", environment, "--packages", str(checkout / ".tools"))
        code = upload.main(given, checkout)
        return (code, *capsys.readouterr())

    return call


@pytest.fixture
def s3(emulator: Emulator, credentials: pytest.MonkeyPatch) -> Iterator[Any]:
    """S3 of the emulator with an empty bucket."""
    credentials.setenv("AWS_ENDPOINT_URL", emulator.endpoint)
    client = emulator.client("s3", REGION)
    client.create_bucket(Bucket=BUCKET)
    client.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    yield client
    for version in client.list_object_versions(Bucket=BUCKET).get("Versions", []):
        client.delete_object(Bucket=BUCKET, Key=version["Key"], VersionId=version["VersionId"])
    client.delete_bucket(Bucket=BUCKET)


def versions(s3: Any) -> list[str]:
    """The key of every version in the bucket."""
    return sorted(version["Key"] for version in s3.list_object_versions(Bucket=BUCKET).get("Versions", []))


# --- What lands in the bucket


def test_packages_lie_under_their_hash_and_s3_knows_it(run: Run, s3: Any) -> None:
    code, said, complaints = run()
    assert (code, complaints) == (0, "")
    assert versions(s3) == [key(function) for function in CONTENT]
    for function, content in CONTENT.items():
        found = s3.get_object(Bucket=BUCKET, Key=key(function), ChecksumMode="ENABLED")
        assert found["Body"].read() == content
        assert base64.b64decode(found["ChecksumSHA256"]) == digest(content)
        assert f"uploaded s3://{BUCKET}/{key(function)}\n" in said


def test_what_to_pin_is_said_in_the_words_of_the_spec(run: Run, s3: Any) -> None:
    assert s3
    assert run()[1].splitlines()[2:] == [
        "to pin them, in environments/dev.yaml:",
        "versions:",
        "  functions:",
        f"    authorizer: {digest(CONTENT['authorizer']).hex()}",
        f"    token: {digest(CONTENT['token']).hex()}",
    ]


def test_a_second_upload_changes_nothing(run: Run, s3: Any) -> None:
    first = run()
    before = s3.list_object_versions(Bucket=BUCKET)["Versions"]
    code, said, complaints = run()
    assert (code, complaints) == (0, "")
    assert said == first[1].replace("uploaded ", "is there already: ")
    assert s3.list_object_versions(Bucket=BUCKET)["Versions"] == before


def test_another_package_comes_beside_the_old_one(run: Run, s3: Any, checkout: Path) -> None:
    run()
    (checkout / ".tools" / "token.zip").write_bytes(b"the next")
    assert run()[0] == 0
    assert len(versions(s3)) == 3


@pytest.mark.parametrize(
    ("written", "described"),
    [
        ({"ChecksumAlgorithm": "SHA256"}, "bytes whose SHA-256 in base64 is "),
        ({"ChecksumAlgorithm": "CRC32"}, "something without a SHA-256"),
    ],
)
def test_other_bytes_under_the_same_name_are_reported_and_left(
    run: Run, s3: Any, written: dict[str, str], described: str
) -> None:
    s3.put_object(Bucket=BUCKET, Key=key("token"), Body=b"other", **written)
    code, said, complaints = run()
    assert code == 1
    assert "to pin" not in said
    assert f"s3://{BUCKET}/{key('token')} is not the package of that name: it holds {described}" in complaints
    assert versions(s3).count(key("token")) == 1
    assert s3.get_object(Bucket=BUCKET, Key=key("token"))["Body"].read() == b"other"


# --- What is said when it fails


def complaint(said: Said, code: int) -> str:
    """The one line that a failure is."""
    assert said[0] == code
    (line,) = said[2].splitlines()
    assert line.startswith("error: ")
    return line.removeprefix("error: ")


def test_an_unknown_environment_is_told_from_one_without_a_gateway(run: Run, alone: object) -> None:
    assert alone
    assert complaint(run(environment="dve"), 2) == 'there is no environment "dve"; there are dev, qa'
    assert complaint(run(environment="../dev"), 2).startswith('there is no environment "../dev"')
    assert complaint(run(environment="shared"), 2).startswith('there is no environment "shared"')
    assert "gateway is off" in complaint(run(environment="qa"), 2)


@pytest.mark.parametrize(
    "content", ["{", "[]", "{}", {"account_id": ACCOUNT, "region": REGION, "packages": 1}]
)
def test_a_file_that_nobody_rendered_is_refused(run: Run, checkout: Path, content: object) -> None:
    render(checkout, "dev", content)
    assert complaint(run(), 2) == (
        "rendered/dev/terraform/packages.tfvars.json is not what make render writes: run make render"
    )


def test_missing_packages_are_built_first(run: Run, checkout: Path) -> None:
    (checkout / ".tools" / "token.zip").unlink()
    assert "token.zip (No such file or directory): run make lambdas" in complaint(run(), 1)


def test_no_credentials(run: Run, alone: object) -> None:
    assert alone
    assert complaint(run(), 1).startswith(f"there are no AWS credentials: log in to account {ACCOUNT} ")


def test_a_profile_that_is_none(run: Run, alone: pytest.MonkeyPatch) -> None:
    alone.setenv("AWS_PROFILE", "dev")
    assert "The config profile (dev) could not be found" in complaint(run(), 1)


def test_credentials_that_a_command_does_not_give(
    run: Run, alone: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    config = tmp_path / "config"
    config.write_text("[default]\ncredential_process = false\n")
    alone.setenv("AWS_CONFIG_FILE", str(config))
    assert "cannot be had or have expired" in complaint(run(), 1)


def test_no_network(run: Run, credentials: object) -> None:
    assert credentials
    assert "AWS cannot be asked: Could not connect" in complaint(run(), 1)


def test_no_bucket(run: Run, emulator: Emulator, credentials: pytest.MonkeyPatch) -> None:
    credentials.setenv("AWS_ENDPOINT_URL", emulator.endpoint)
    said = complaint(run(), 1)
    assert said.startswith(f"there is no bucket {BUCKET} yet: apply the stack packages of dev first")
    assert "make apply ENV=dev STACK=packages" in said


def test_another_account(run: Run, checkout: Path, s3: Any) -> None:
    render(checkout, "dev", values() | {"account_id": "222222222222"})
    said = complaint(run(), 1)
    assert said.startswith(f"these are credentials of account {ACCOUNT}, and dev is in account 222222222222")
    assert versions(s3) == []


def of_sts(status: int, body: str) -> tuple[int, str]:
    return status, f"<Response>{body}</Response>"


IDENTITY = of_sts(200, f"<GetCallerIdentityResult><Account>{ACCOUNT}</Account></GetCallerIdentityResult>")


def refused_by_sts(code: str) -> tuple[int, str]:
    return of_sts(403, f"<Error><Type>Sender</Type><Code>{code}</Code><Message>why</Message></Error>")


def of_s3(status: int, code: str) -> tuple[int, str]:
    return status, f"<Error><Code>{code}</Code><Message>why</Message></Error>"


@dataclass(frozen=True, kw_only=True)
class Aws:
    """Gives these answers in turn, the last one for ever, and remembers the headers of calls to S3."""

    answers: list[tuple[int, str]] = field(default_factory=list)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)


@pytest.fixture
def aws(credentials: pytest.MonkeyPatch) -> Iterator[Aws]:
    """An AWS on loopback that answers what a test tells it to."""
    told = Aws()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"  # answers `Expect: 100-continue`, for which botocore waits a second

        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if self.command != "POST":
                told.asked.append((self.command, {name.lower(): v for name, v in self.headers.items()}))
            status, body = told.answers.pop(0) if len(told.answers) > 1 else told.answers[0]
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body.encode())

        do_GET = do_HEAD = do_POST = do_PUT = answer  # noqa: N815 - as the base class calls them

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        credentials.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
        yield told
        server.shutdown()


LOG_IN = f"log in to account {ACCOUNT} (aws sso login, or AWS_PROFILE=...) and try again"


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([refused_by_sts("ExpiredToken")], f"the AWS credentials have expired: {LOG_IN}"),
        (
            [refused_by_sts("InvalidClientTokenId")],
            f"AWS does not know the credentials (InvalidClientTokenId): {LOG_IN}",
        ),
        ([IDENTITY, of_s3(400, "ExpiredToken")], f"the AWS credentials have expired: {LOG_IN}"),
        (
            [IDENTITY, of_s3(403, "AccessDenied")],
            f"""access to s3://{BUCKET} was denied: upload as arn:aws:iam::{ACCOUNT}:role/{ROLE}, or as a role
            that may do s3:PutObject and s3:GetObject there. If yours may, the bucket of this name is of
            another account than {ACCOUNT}. AWS says: why""",
        ),
        # It may write and not read: HEAD's answer has no body.
        ([IDENTITY, of_s3(412, "PreconditionFailed"), (403, "")], "AWS says: Forbidden"),
        ([IDENTITY, of_s3(400, "BadDigest")], "AWS refused (BadDigest): why"),
    ],
)
def test_what_aws_refuses_is_explained(
    run: Run, aws: Aws, answers: list[tuple[int, str]], expected: str
) -> None:
    aws.answers.extend(answers)
    said = complaint(run(), 1)
    assert said.endswith(" ".join(expected.split()))


def test_every_call_names_the_account_and_every_write_asks_that_nothing_be_there(run: Run, aws: Aws) -> None:
    there = of_s3(412, "PreconditionFailed")
    aws.answers.extend([IDENTITY, (200, ""), there, (200, "")])
    run()
    assert [method for method, _ in aws.asked] == ["PUT", "PUT", "HEAD"]
    assert {headers["x-amz-expected-bucket-owner"] for _, headers in aws.asked} == {ACCOUNT}
    for function, (_, headers) in zip(CONTENT, aws.asked, strict=False):
        assert headers["if-none-match"] == "*"
        assert base64.b64decode(headers["x-amz-checksum-sha256"]) == digest(CONTENT[function])


def test_an_upload_beside_another_of_the_same_is_tried_again(
    run: Run, aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload, "PAUSE", 0)
    conflict = of_s3(409, "ConditionalRequestConflict")
    aws.answers.extend([IDENTITY, conflict, conflict, (200, "")])
    assert run()[0] == 0
    aws.answers[:] = [IDENTITY, conflict]
    assert "somebody else is uploading the same package" in complaint(run(), 1)


# --- The program


def test_environments_are_listed_for_the_workflow(run: Run, checkout: Path) -> None:
    render(checkout, "prod", values() | {"region": "cn-north-1"})
    assert run("--list") == (
        0,
        json.dumps(
            [
                {"environment": "dev", "role": f"arn:aws:iam::{ACCOUNT}:role/{ROLE}", "region": REGION},
                {
                    "environment": "prod",
                    "role": f"arn:aws-cn:iam::{ACCOUNT}:role/{ROLE}",
                    "region": "cn-north-1",
                },
            ]
        )
        + "\n",
        "",
    )


@pytest.mark.parametrize(
    ("region", "partition"), [("us-gov-west-1", "aws-us-gov"), ("us-east-1", "aws"), ("cn-north-1", "aws-cn")]
)
def test_a_role_is_of_the_regions_partition(region: str, partition: str) -> None:
    one = Target(environment="dev", account=ACCOUNT, region=region, bucket=BUCKET, role=ROLE)
    assert one.role_arn == f"arn:{partition}:iam::{ACCOUNT}:role/{ROLE}"


def test_it_lists_without_anything_installed(tmp_path: Path) -> None:
    """GitHub's first job has a bare Python."""
    done = subprocess.run(
        [sys.executable, "-E", "-S", build.HERE / "upload.py", "--list"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert isinstance(json.loads(done.stdout), list)


@pytest.mark.parametrize(
    "arguments", [[], ["--environment"], ["--list", "--environment", "dev"], ["--nonsense"]]
)
def test_wrong_usage_ends_with_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        upload.main(arguments)
    assert ended.value.code == 2


def test_the_modules_folders_are_the_functions() -> None:
    """The role may write where the program writes, and nowhere else."""
    module = build.HERE.parents[1] / "packages"
    (listed,) = re.findall(r"^ *functions *= *(\[.*\])$", (module / "uploader.tf").read_text(), re.MULTILINE)
    assert json.loads(listed) == sorted(build.FUNCTIONS)


def test_only_the_job_that_uploads_gets_a_token_and_every_action_is_pinned() -> None:
    workflow = yaml.safe_load((upload.ROOT / ".github" / "workflows" / "packages.yaml").read_text())
    jobs = workflow["jobs"]
    assert workflow["permissions"] == {"contents": "read"}
    assert {name: job["permissions"] for name, job in jobs.items() if "permissions" in job} == {
        "upload": {"contents": "read", "id-token": "write"}
    }
    steps = [step for job in jobs.values() for step in job["steps"]]
    used = [step["uses"] for step in steps if "uses" in step]
    assert [action for action in used if not re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", action)] == []
    # What somebody else wrote reaches a shell as a variable only.
    assert [step["run"] for step in steps if "${{" in step.get("run", "")] == []

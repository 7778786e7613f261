"""`make charts` against a real Helm repository on the loopback interface."""

from __future__ import annotations

import functools
import http.server
import subprocess
import threading
from typing import TYPE_CHECKING

import pytest

from tests.tools import charts
from tests.tools.charts import Chart, ChartError, fetch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Publish = Callable[..., None]
    Fetch = Callable[..., str]

pytestmark = pytest.mark.offline


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder and the address at which it is served."""
    folder = tmp_path / "site"
    folder.mkdir()
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder))
    )
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield folder, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def publish(helm: Path, site: tuple[Path, str], tmp_path: Path) -> Publish:
    def published(version: str, note: str = "") -> None:
        source = tmp_path / "tiny"
        (source / "templates").mkdir(parents=True, exist_ok=True)
        (source / "Chart.yaml").write_text(f"apiVersion: v2\nname: tiny\nversion: {version}\n")
        (source / "templates" / "NOTES.txt").write_text(note)
        folder, url = site
        for command in (["package", source, "-d", folder], ["repo", "index", folder, "--url", url]):
            subprocess.run([helm, *command], check=True, capture_output=True)

    return published


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    folder = tmp_path / "cache"
    folder.mkdir()
    return folder


@pytest.fixture
def get(helm: Path, site: tuple[Path, str], cache: Path) -> Fetch:
    def got(pins: dict[str, str], version: str = "1.2.3", *, accept: bool = False) -> str:
        return fetch(Chart(site[1], "tiny", version), cache, pins, helm=str(helm), accept=accept)

    return got


def test_the_first_use_pins_and_the_next_ones_compare(publish: Publish, get: Fetch, cache: Path) -> None:
    publish("1.2.3")
    pins: dict[str, str] = {}
    assert get(pins, accept=True) == "accepted: tiny-1.2.3.tgz"
    assert pins == {"tiny-1.2.3.tgz": charts.digest_of(cache / "tiny-1.2.3.tgz")}
    assert get(pins) == "is there: tiny-1.2.3.tgz"
    (cache / "tiny-1.2.3.tgz").unlink()
    assert get(pins) == "fetched: tiny-1.2.3.tgz"
    assert [file.name for file in cache.iterdir()] == ["tiny-1.2.3.tgz"]


def test_the_exact_version_comes(publish: Publish, get: Fetch, cache: Path) -> None:
    publish("1.2.3")
    publish("1.2.4")
    get({}, accept=True)
    assert [file.name for file in cache.iterdir()] == ["tiny-1.2.3.tgz"]


def test_a_version_without_a_checksum_names_the_file_to_edit(publish: Publish, get: Fetch) -> None:
    publish("1.2.3")
    with pytest.raises(ChartError, match=r"tiny-1\.2\.3\.tgz has no checksum in tests/tools/charts\.sha256"):
        get({})


def test_what_lies_in_the_cache_unpinned_is_never_what_gets_pinned(
    publish: Publish, get: Fetch, cache: Path
) -> None:
    publish("1.2.3")
    (cache / "tiny-1.2.3.tgz").write_bytes(b"packaged by somebody")
    own = charts.digest_of(cache / "tiny-1.2.3.tgz")
    pins: dict[str, str] = {}
    get(pins, accept=True)
    assert pins["tiny-1.2.3.tgz"] == charts.digest_of(cache / "tiny-1.2.3.tgz") != own


@pytest.mark.parametrize("accept", [False, True])
def test_a_published_version_that_changed_is_refused(
    publish: Publish, get: Fetch, cache: Path, *, accept: bool
) -> None:
    publish("1.2.3")
    pins: dict[str, str] = {}
    get(pins, accept=True)
    (cache / "tiny-1.2.3.tgz").unlink()
    publish("1.2.3", note="changed")
    with pytest.raises(ChartError, match="A published version never changes"):
        get(pins, accept=accept)
    assert list(cache.iterdir()) == []


def test_a_damaged_archive_in_the_cache_is_noticed(publish: Publish, get: Fetch, cache: Path) -> None:
    publish("1.2.3")
    pins: dict[str, str] = {}
    get(pins, accept=True)
    (cache / "tiny-1.2.3.tgz").write_bytes(b"cut short")
    with pytest.raises(ChartError, match="delete it and run `make charts` again"):
        get(pins)


def test_a_version_that_is_not_there_is_said(publish: Publish, get: Fetch, cache: Path) -> None:
    publish("1.2.3")
    with pytest.raises(ChartError, match=r"tiny-9\.9\.9\.tgz: helm cannot pull it from http://127"):
        get({}, "9.9.9", accept=True)
    assert list(cache.iterdir()) == []


def test_pins_survive_being_written(tmp_path: Path) -> None:
    file = tmp_path / "charts.sha256"
    file.write_text(charts.PINS.read_text(encoding="utf-8"), encoding="utf-8")
    pins = charts.read_pins(file)
    charts.write_pins(file, dict(reversed(pins.items())))
    assert file.read_bytes() == charts.PINS.read_bytes()
    charts.write_pins(file, pins | {"a-1.0.0.tgz": "0" * 64})
    assert charts.read_pins(file) == pins | {"a-1.0.0.tgz": "0" * 64}


def test_a_pin_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    file = tmp_path / "charts.sha256"
    file.write_text("# ours\nabc  tiny-1.2.3.tgz\n", encoding="utf-8")
    with pytest.raises(ChartError, match=r"charts\.sha256:2: expected"):
        charts.read_pins(file)


def test_the_charts_are_those_that_the_environments_pin(repository: Path) -> None:
    found = charts.pinned_charts(repository)
    assert found
    written = "".join(file.read_text(encoding="utf-8") for file in repository.glob("environments/*.yaml"))
    for chart in found:
        assert chart.repository.startswith("https://")
        assert f"{chart.name}: {chart.version}" in written
    left_over = charts.read_pins(charts.PINS).keys() - {chart.file for chart in found}
    assert left_over == set(), "no environment uses these any more: delete their lines"

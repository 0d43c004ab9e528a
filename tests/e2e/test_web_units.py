"""The dashboard's own unit tests (web/src/tests), its size, and that it is built without what it needs not have."""

import gzip
import os
import pathlib
import re
import shutil

import pytest
from harness.browser import SOURCE_ROOT

LARGEST_BUNDLE_BYTES = 100 * 1024


def web_modules():
    return pathlib.Path(os.environ.get("CHANGELING_WEB_MODULES", SOURCE_ROOT / "build" / "web" / "node_modules"))


@pytest.fixture
def build(sandbox):
    """Runs web/build.mjs; the folder with what came of it."""
    node = shutil.which("node")
    if node is None or not (web_modules() / "esbuild").is_dir():
        pytest.skip("needs node and the packages of web; scripts/test installs them")

    def run(*options):
        out = sandbox.root / "dashboard"
        sandbox.run(node, SOURCE_ROOT / "web" / "build.mjs", "--modules", web_modules(), "--description",
                    SOURCE_ROOT / "docs" / "openapi.json", "--out", out, *options, patience=240).ok()
        return out
    return run


def test_the_unit_tests_of_the_dashboard(sandbox, build):
    out = build("--tests")
    files = sorted((out / "tests").glob("*.mjs"))
    assert len(files) >= 3
    done = sandbox.run(shutil.which("node"), "--test", *files, patience=240)
    assert done.code == 0, done.out
    assert "# fail 0" in done.out or "ℹ fail 0" in done.out


def test_without_packages_the_service_says_that_it_has_no_dashboard(sandbox):
    build = sandbox.root / "build"
    configured = sandbox.run(
        "cmake", "-S", SOURCE_ROOT, "-B", build, "-G", "Ninja", "-DCHANGELING_BUILD_TESTS=OFF",
        f"-DCHANGELING_WEB_MODULES={sandbox.root / 'nowhere'}", env={"PATH": os.environ["PATH"]}, patience=240).ok()
    assert "WITHOUT ITS DASHBOARD" in configured.err and "scripts/test" in configured.err
    embedded = re.search(r"^build src/server/web_files\.cpp.*$", (build / "build.ninja").read_text(), re.MULTILINE).group()
    assert "web/absent/index.html" in embedded and "app.js" not in embedded
    assert "built without its dashboard" in (SOURCE_ROOT / "web" / "absent" / "index.html").read_text()


def test_the_bundle_is_small_and_loads_nothing_from_elsewhere(build):
    out = build()
    parts = {name: (out / name).read_bytes() for name in ("app.js", "app.css", "index.html")}
    assert sum(len(gzip.compress(part)) for part in parts.values()) <= LARGEST_BUNDLE_BYTES
    for name, part in parts.items():
        for wrong in (b"https://", b"http://localhost", b"eval("):
            assert wrong not in part.replace(b"http://www.w3.org/", b""), f"{wrong} in {name}"
    for source in (SOURCE_ROOT / "web" / "src").rglob("*.tsx"):
        assert not re.search(r"innerHTML|style=\"", source.read_text(), re.IGNORECASE), source
    assert b" style=" not in parts["index.html"] and b"<script>" not in parts["index.html"]

"""Scenarios of tests/web in a real browser against a service that runs."""

import json
import os
import pathlib
import shutil

import pytest

SOURCE_ROOT = pathlib.Path(__file__).resolve().parents[3]
PATIENCE_SECONDS = 240


def node_modules():
    return pathlib.Path(os.environ.get("CHANGELING_NODE_MODULES", SOURCE_ROOT / "build" / "npm" / "node_modules"))


def pictures_folder():
    """Screenshots are kept as output of the tests."""
    return pathlib.Path(os.environ.get("CHANGELING_PICTURES", SOURCE_ROOT / "build" / "test-results" / "pictures"))


def needed_for_browser():
    """The programs, or the reason to leave the test out where scripts/test did not install them."""
    found = {"node": shutil.which("node"), "chromium": shutil.which("chromium"),
             "playwright-core": (node_modules() / "playwright-core").is_dir()}
    missing = [name for name, there in found.items() if not there]
    if missing:
        pytest.skip(f"needs {', '.join(missing)}; scripts/test installs it")
    return found["node"]


def visit(sandbox, service, script, scenario, url=None, **facts):
    """Runs `scenario` of tests/web/`script`; what it finds wrong fails the test."""
    node = needed_for_browser()
    settings = {"script": script, "scenario": scenario, "modules": str(node_modules()),
                "url": url or service.url, "login_url": service.login_url, "token": service.token,
                "pictures": str(pictures_folder()), "facts": facts}
    done = sandbox.run(node, SOURCE_ROOT / "tests" / "web" / "run.mjs", json.dumps(settings), cwd=sandbox.root,
                       env={"PATH": os.environ["PATH"]}, patience=PATIENCE_SECONDS)
    return done.ok()

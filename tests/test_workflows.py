"""The workflows, the container and the hooks run what `make test` runs, in the tested versions."""

import json
import re
from pathlib import Path

import pytest
import yaml
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parents[1]
WORKFLOWS = {path.name: path for path in (ROOT / ".github" / "workflows").glob("*.yml")}
TESTS = yaml.safe_load(WORKFLOWS["tests.yml"].read_text(encoding="utf-8"))["jobs"]["test"]
GPU = yaml.safe_load(WORKFLOWS["gpu.yml"].read_text(encoding="utf-8"))["jobs"]["full"]


def commands(job):
    return "\n".join(step["run"] for step in job["steps"] if "run" in step)


def test_continuous_integration_runs_every_command_of_make_test():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    recipe = re.search(r"^test: .*\n((?:\t.*\n)+)", makefile, re.MULTILINE)[1]
    for line in recipe.splitlines():
        command = line.split("$(PY)")[1].replace("$(or $(JOBS),auto)", "auto").strip()
        assert f"python {command}" in commands(TESTS)


def test_the_matrix_is_every_system_and_every_python_that_the_project_supports():
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    supported = SpecifierSet(project["requires-python"])
    matrix = TESTS["strategy"]["matrix"]
    assert {name.split("-")[0] for name in matrix["os"]} == {"ubuntu", "macos", "windows"}
    assert matrix["python"] == [f"3.{n}" for n in range(8, 30) if f"3.{n}.0" in supported]
    assert [extra["versions"] for extra in matrix["include"]] == ["newest"]


def test_gpu_job_runs_in_full_and_fails_on_a_figure_out_of_tolerance():
    assert "make run PROFILE=full" in commands(GPU)
    assert "helpers.course tolerances" in commands(GPU)
    (report,) = [step for step in GPU["steps"] if "upload-artifact" in step.get("uses", "")]
    assert report["with"]["path"] == "runs/full"
    assert report["if"] == "${{ !cancelled() }}"


def test_every_night_all_claims_are_doubted():
    night = yaml.safe_load(WORKFLOWS["nightly.yml"].read_text(encoding="utf-8"))
    assert "make doubt" in commands(night["jobs"]["doubt"])
    assert [time["cron"].split()[2:] for time in night[True]["schedule"]] == [["*", "*", "*"]]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    recipe = re.search(r"^doubt: .*\n((?:\t.*\n)+)", makefile, re.MULTILINE)[1]
    assert "-m helpers.course doubt" in recipe


@pytest.mark.parametrize("name", sorted(WORKFLOWS))
def test_actions_are_pinned_by_hash_and_may_only_read(name):
    text = WORKFLOWS[name].read_text(encoding="utf-8")
    used = re.findall(r"uses: (.*)", text)
    assert used
    for line in used:
        assert re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line), line
    assert yaml.safe_load(text)["permissions"] == {"contents": "read"}


def test_the_container_has_condas_python_and_is_set_up_by_make():
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    conda = re.search(r"python=([\d.]+)", (ROOT / "environment.yml").read_text(encoding="utf-8"))
    assert f"FROM python:{conda[1]}-" in dockerfile
    assert "make setup" in dockerfile
    file = ROOT / ".devcontainer" / "devcontainer.json"
    container = json.loads(file.read_text(encoding="utf-8"))
    assert (file.parent / container["build"]["dockerfile"]).resolve() == ROOT / "Dockerfile"
    assert container["postCreateCommand"] == "make setup"


def test_hooks_are_the_projects_own_tools():
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    (local,) = hooks["repos"]
    assert local["repo"] == "local"
    assert {hook["id"] for hook in local["hooks"]} == {
        "ruff-check",
        "ruff-format",
        "notebooks",
        "results",
    }

import asyncio
import io
import json
import os
import signal
import subprocess
import sys
import time

from helpers.course import catalog, notebook
from helpers.course.publish import render
from helpers.course.run import local, runner, store
from helpers.course.run.plan import Plan
from helpers.course.run.progress import Progress
from tests.course.small_chapters import (
    begin,
    chapter,
    code,
    expectation,
    figure,
    results,
    showing,
    shown,
)

import nbformat
import psutil
import pytest

pytestmark = pytest.mark.slow

GOOD = chapter(
    showing(figure("F05.3", 0.98, 0.9785, True)), showing(expectation("it beats a guess"))
)
WAITS = chapter(
    "import os, pathlib, time\n"
    "pathlib.Path('pids').write_text(f'{os.getpid()} {os.getppid()}')\n"
    "time.sleep(0 if pathlib.Path('go').exists() else 60)"
)


def run(notebooks, profile="sample", **plan):
    out = notebooks.parent / "out"
    stream = io.StringIO()
    plan = Plan(notebooks=notebooks, profile=profile, out=out, **plan)
    status = runner.run(plan, Progress(stream))
    return status, results(out), stream.getvalue()


def test_chapters_that_pass_raise_and_die_side_by_side(course):
    notebooks = course(
        {
            "05": GOOD,
            "06": chapter("raise ValueError('a wrong value')", "print('never')"),
            "07": chapter("import os\nos.kill(os.getpid(), 9)"),
        }
    )
    status, found, lines = run(notebooks, jobs=3)
    assert status == 1
    chapters = found["chapters"]
    assert {n: c["status"] for n, c in chapters.items()} == {
        "05": "passed",
        "06": "failed",
        "07": "failed",
    }
    assert chapters["05"]["error"] is None
    assert chapters["05"]["peak_mb"] == 123
    assert chapters["05"]["expectations"] == [{"text": "it beats a guess", "held": True}]
    assert chapters["06"]["error"] == "Code cell 4: ValueError: a wrong value"
    assert chapters["07"]["error"].startswith("Code cell 4: the kernel died")
    assert chapters["06"]["peak_mb"] is None
    assert found["device"] == "CPU, 2 cores"
    assert found["versions"]["keras"] == "3.13.2"

    out = notebooks.parent / "out"
    assert sorted(p.name for p in out.iterdir()) == sorted(
        ["index.html", "results.json"]
        + [f"{n}{end}" for n in chapters for end in (".html", "_chapter.ipynb")]
    )
    partial = nbformat.read(out / "06_chapter.ipynb", as_version=4)
    assert notebook.records(partial)[0]["profile"] == "sample"
    assert "05 MNIST with dense layers: passed in" in lines
    assert "Code cell 4: ValueError: a wrong value" in lines


def test_notebook_runs_in_its_folder_with_shared_cores_and_no_person(course, monkeypatch):
    monkeypatch.setenv("JPY_SESSION_NAME", "05.ipynb")
    names = ["OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"]
    monkeypatch.setattr(runner.joblib, "cpu_count", lambda: 8)
    notebooks = course(
        {
            "05": chapter(
                "import os, pathlib",
                "assert pathlib.Path('05_chapter.ipynb').exists()",
                f"assert [os.environ[name] for name in {names}] == ['4'] * 3",
                "assert 'JPY_SESSION_NAME' not in os.environ",
            )
        }
    )
    status, found, _ = run(notebooks, jobs=2)
    assert (status, found["chapters"]["05"]["error"]) == (0, None)


def alive(pid):
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def wait_for(condition, seconds=40):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.05)


def start(notebooks, *more):
    out = notebooks.parent / "out"
    command = [
        sys.executable,
        "-m",
        "helpers.course",
        "run",
        "--notebooks",
        notebooks,
        "--out",
        out,
    ]
    return subprocess.Popen([*command, *more], cwd=catalog.ROOT, stdout=subprocess.PIPE, text=True)


def pids(notebooks):
    file = notebooks / "pids"
    wait_for(lambda: file.exists() and len(file.read_text().split()) == 2)
    return [int(pid) for pid in file.read_text().split()]


@pytest.fixture
def work(monkeypatch):
    """Replaces worker and chapter pages by quick stand-ins; returns the chapters that ran."""
    ran = []

    async def work(task, target, limit, variables, on_cell):
        ran.append(task.chapter)
        on_cell(1, 2)
        nb = nbformat.read(task.notebook, as_version=4)
        nb.cells[-1].outputs = [
            shown(begin(task.chapter, task.profile)),
            shown(figure("F05.3", 0.98, 0.9785, True)),
        ]
        for cell in nb.cells[1:]:
            cell.metadata["papermill"] = {"start_time": "now"}
        nbformat.write(nb, target)
        return "ValueError: wrong" if "fails" in nb.cells[-2].source else None

    monkeypatch.setattr(local, "work", work)
    monkeypatch.setattr(render, "chapter_page", lambda nb, title, pages: title)
    return ran


def test_killed_runner_leaves_no_process_and_whole_results(course, work, monkeypatch):
    notebooks = course({"05": GOOD, "07": WAITS})
    out = notebooks.parent / "out"
    assert run(notebooks, only=("05",))[0] == 0
    monkeypatch.undo()  # from here on real workers
    before = (out / "results.json").read_text()

    runner = start(notebooks)
    workers = pids(notebooks)
    runner.kill()
    runner.communicate()
    wait_for(lambda: not any(map(alive, workers)), seconds=30)
    wait_for(lambda: not list(out.glob(".run-*/*")), seconds=30)
    after = json.loads((out / "results.json").read_text())["chapters"]
    assert after == [json.loads(before)["chapters"][0] | {"status": "skipped"}]

    (notebooks / "go").touch()
    status, found, _ = run(notebooks)
    assert status == 0
    assert {n: c["status"] for n, c in found["chapters"].items()} == {
        "05": "skipped",
        "07": "passed",
    }


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no such signals")
def test_run_stopped_by_ctrl_c_reports_what_finished_and_leaves_no_process(course):
    notebooks = course({"05": GOOD, "07": WAITS})
    out = notebooks.parent / "out"
    runner = start(notebooks, "--jobs", "2")
    workers = pids(notebooks)
    wait_for(lambda: "05" in results(out)["chapters"])
    runner.send_signal(signal.SIGINT)
    said, _ = runner.communicate(timeout=60)
    assert runner.returncode == 130
    assert "Stopped." in said
    assert not any(map(alive, workers))
    assert list(results(out)["chapters"]) == ["05"]
    assert "MNIST with dense layers" in (out / "index.html").read_text(encoding="utf-8")
    assert not list(out.glob(".run-*"))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no such signals")
def test_sigterm_stops_a_run_too(course, monkeypatch):
    async def work(*_):
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.sleep(30)

    monkeypatch.setattr(local, "work", work)
    status, found, _ = run(course({"05": GOOD}))
    assert (status, found["chapters"]) == (130, {})


def test_hanging_chapter_is_ended_at_its_limit_with_its_kernel(course, monkeypatch):
    notebooks = course({"07": WAITS})
    limits, timeout = [], asyncio.timeout

    def expire_in_the_cell_that_hangs(limit):
        limits.append(limit)
        watch = timeout(None)

        async def expire():
            while not (notebooks / "pids").exists():
                await asyncio.sleep(0.05)
            watch.reschedule(asyncio.get_running_loop().time())

        limits.append(asyncio.create_task(expire()))
        return watch

    monkeypatch.setattr(asyncio, "timeout", expire_in_the_cell_that_hangs)
    status, found, _ = run(notebooks, timeout=300)
    assert status == 1
    assert limits[0] == 300
    entry = found["chapters"]["07"]
    assert entry["error"] == "Code cell 4: the chapter reached its limit of 300 s"
    assert entry["peak_mb"] is None
    assert (notebooks.parent / "out" / entry["notebook"]).exists()
    assert not any(map(alive, pids(notebooks)))


def test_limit_counts_seconds_of_the_whole_chapter(course):
    _, found, _ = run(course({"05": GOOD}), timeout=0.5)
    assert found["chapters"]["05"]["error"] == "the chapter reached its limit of 0.5 s"
    assert found["chapters"]["05"]["seconds"] < 30


def test_unchanged_chapter_is_skipped_with_its_former_result(course, work):
    notebooks = course({"05": GOOD, "06": chapter("fails")})
    first = run(notebooks)[1]["chapters"]
    status, found, lines = run(notebooks)
    assert work == ["05", "06", "06"]
    assert status == 1
    assert found["chapters"]["05"] == first["05"] | {"status": "skipped"}
    assert "05 MNIST with dense layers: skipped" in lines


def test_skipped_chapter_stays_skipped_and_passes(course, work):
    notebooks = course({"05": GOOD})
    assert [run(notebooks)[0] for _ in range(3)] == [0, 0, 0]
    assert work == ["05"]


def test_force_runs_unchanged_chapters(course, work):
    notebooks = course({"05": GOOD})
    run(notebooks)
    assert run(notebooks, force=True)[1]["chapters"]["05"]["status"] == "passed"
    assert work == ["05", "05"]


@pytest.mark.parametrize("change", ["source", "tag", "seed", "device", "notebook gone"])
def test_change_runs_the_chapter_again(course, work, monkeypatch, change):
    notebooks, seed = course({"05": chapter("x = 1")}), 0
    run(notebooks)
    match change:
        case "source":
            course({"05": chapter("x = 2")})
        case "tag":
            course({"05": chapter(code("x = 1", "L05.1"))})
        case "seed":
            seed = 1
        case "device":
            monkeypatch.setattr(runner.fingerprint, "device", lambda: "gpu")
        case _:
            (notebooks.parent / "out" / "05_chapter.ipynb").unlink()
    assert run(notebooks, seed=seed)[1]["chapters"]["05"]["status"] == "passed"
    assert work == ["05", "05"]


SCORES = chapter(showing(figure("F05.3", 0.9, 0.9785, True)).replace("0.9,", "0.9 + SEED / 100,"))


def test_several_seeds_make_one_folder_with_the_spread(course):
    notebooks = course({"05": SCORES})
    status, _, lines = run(notebooks, "full", seeds=(0, 1, 2), jobs=2)
    out = notebooks.parent / "out"
    entries = store.load(out)["chapters"]
    assert status == 0
    assert [entry["seed"] for entry in entries] == [0, 1, 2]
    assert [entry["figures"][0]["value"] for entry in entries] == [0.9, 0.91, 0.92]
    assert [entry["notebook"] for entry in entries] == [
        "05_chapter.ipynb",
        "seed-1/05_chapter.ipynb",
        "seed-2/05_chapter.ipynb",
    ]
    assert all((out / entry["notebook"]).exists() for entry in entries)
    assert "05 MNIST with dense layers, seed 2: passed" in lines
    assert "0.91 ± 0.01 (n = 3)" in (out / "index.html").read_text("utf-8")


def test_seeds_are_kept_while_unchanged_and_a_new_one_is_added(course, work):
    notebooks = course({"05": GOOD, "07": GOOD})
    run(notebooks, seeds=(0, 1), only=("05",))
    assert work == ["05", "05"]
    run(notebooks, seeds=(0, 1, 2), only=("05",))
    assert work == ["05"] * 3
    run(notebooks)  # one seed alone, all chapters: those of other seeds stay
    assert work == [*["05"] * 3, "07"]
    kept = store.load(notebooks.parent / "out")["chapters"]
    assert [(e["chapter"], e["seed"]) for e in kept] == [("05", 0), ("05", 1), ("05", 2), ("07", 0)]


def test_a_seed_whose_notebook_another_took_is_no_result_any_more(course, work):
    notebooks = course({"05": GOOD})
    run(notebooks, seed=0)
    run(notebooks, seed=1)
    kept = store.load(notebooks.parent / "out")["chapters"]
    assert [(e["seed"], e["notebook"]) for e in kept] == [(1, "05_chapter.ipynb")]


def test_a_seed_that_fails_fails_its_chapter(course):
    notebooks = course({"05": chapter("assert SEED != 1")})
    status, _, _ = run(notebooks, seeds=(0, 1))
    assert status == 1
    found = store.load(notebooks.parent / "out")["chapters"]
    assert [entry["status"] for entry in found] == ["passed", "failed"]
    assert "Seed 1: Code cell 4" in (notebooks.parent / "out" / "index.html").read_text("utf-8")


def test_outputs_and_other_metadata_are_no_change(course, work):
    nb = chapter("x = 1")
    notebooks = course({"05": nb})
    run(notebooks)
    nb.cells[-1].outputs = [shown(begin())]
    nb.cells[-1].metadata["collapsed"] = True
    course({"05": nb})
    assert run(notebooks)[1]["chapters"]["05"]["status"] == "skipped"


def test_chapters_not_asked_for_keep_their_results_until_they_change(course, work):
    notebooks = course({"05": GOOD, "07": GOOD})
    run(notebooks)
    assert list(run(notebooks, only=("05",), force=True)[1]["chapters"]) == ["05", "07"]
    course({"07": chapter("x = 2")})
    assert list(run(notebooks, only=("05",))[1]["chapters"]) == ["05"]


def test_failure_outside_of_what_was_asked_for_is_not_this_runs(course, work):
    notebooks = course({"05": GOOD, "06": chapter("fails")})
    assert run(notebooks)[0] == 1
    assert run(notebooks, only=("05",))[0] == 0


@pytest.mark.parametrize("profile", ["sample", "full"])
def test_figure_is_held_against_the_published_one_only_in_full(course, work, profile):
    found = run(course({"05": GOOD}), profile=profile)[1]
    figures = found["chapters"]["05"]["figures"]
    within = True if profile == "full" else None
    told = {"names": [], "kind": "published", "noisy": False, "held": None}
    assert figures == [{"id": "F05.3", "value": 0.98, "published": 0.9785, "within": within} | told]
    assert found["profile"] == profile


def test_unreadable_executed_notebook_is_a_failure(course, monkeypatch):
    async def work(task, target, *_):
        target.write_text("{")

    monkeypatch.setattr(local, "work", work)
    status, found, _ = run(course({"05": GOOD}))
    assert status == 1
    assert found["chapters"]["05"]["error"] == "its executed notebook cannot be read"
    assert found["chapters"]["05"]["html"] is None


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no program called false")
def test_worker_that_ends_without_a_word_is_a_failure(course, monkeypatch):
    monkeypatch.setattr(local.sys, "executable", "/bin/false")
    status, found, _ = run(course({"05": GOOD}))
    assert status == 1
    assert "its process ended with status 1" in found["chapters"]["05"]["error"]


def test_a_message_without_end_is_cut_and_the_chapter_beside_goes_on(course):
    notebooks = course({"05": GOOD, "06": chapter("raise ValueError('x' * 100_000)")})
    status, found, _ = run(notebooks, jobs=2)
    assert status == 1
    assert found["chapters"]["05"]["status"] == "passed"
    error = found["chapters"]["06"]["error"]
    assert error.startswith("Code cell 4: ValueError: xxx")
    assert error.endswith("x … (100,000 characters)")
    assert len(error) < 3_000
    assert (notebooks.parent / "out" / "index.html").exists()


@pytest.mark.parametrize("failure", [RuntimeError("odd"), OSError(28, "No space"), KeyError("x")])
def test_whatever_happens_to_one_chapter_is_its_failure_alone(course, work, monkeypatch, failure):
    ordinary = local.work

    async def fail(task, *rest):
        if task.chapter == "06":
            raise failure
        await asyncio.sleep(0.1)
        return await ordinary(task, *rest)

    monkeypatch.setattr(local, "work", fail)
    status, found, lines = run(course({"05": GOOD, "06": GOOD, "07": GOOD}), jobs=3)
    assert status == 1
    assert [c["status"] for c in found["chapters"].values()] == ["passed", "failed", "passed"]
    assert found["chapters"]["06"]["error"] == f"{type(failure).__name__}: {failure}"
    assert "06 Keras anatomy: failed" in lines


def test_a_record_that_lacks_its_facts_is_that_chapters_failure(course):
    notebooks = course({"05": GOOD, "06": chapter(showing({"type": "figure"}))})
    status, found, _ = run(notebooks)
    assert status == 1
    assert found["chapters"]["05"]["status"] == "passed"
    assert "KeyError" in found["chapters"]["06"]["error"]


def test_a_damaged_notebook_is_a_failure_that_names_the_file(course, work):
    notebooks = course({"05": GOOD, "06": GOOD})
    (notebooks / "06_chapter.ipynb").write_text("{")
    status, found, _ = run(notebooks)
    assert status == 1
    assert work == ["05"]
    assert found["chapters"]["06"]["error"].startswith(
        "06_chapter.ipynb cannot be read as a notebook"
    )
    assert run(notebooks)[1]["chapters"]["06"]["status"] == "failed"


def test_a_damaged_notebook_beside_the_one_asked_for_does_not_matter(course, work):
    notebooks = course({"05": GOOD, "06": GOOD})
    (notebooks / "06_chapter.ipynb").write_text("{")
    status, found, _ = run(notebooks, only=("05",))
    assert (status, list(found["chapters"])) == (0, ["05"])


def test_results_of_another_version_count_as_none(course, work, capsys):
    notebooks = course({"05": GOOD})
    run(notebooks)
    file = notebooks.parent / "out" / store.NAME
    former = json.loads(file.read_text())
    del former["device"]
    file.write_text(json.dumps(former))
    assert run(notebooks)[0] == 0
    assert work == ["05", "05"]
    assert "device is missing): all chapters run again" in capsys.readouterr().out


def test_execute_hands_back_results_and_prints_nothing(course, work, capsys):
    notebooks = course({"05": GOOD, "06": chapter("fails")})
    plan = Plan(notebooks, "sample", notebooks.parent / "out")
    outcome = runner.execute(plan, Progress(io.StringIO()))
    assert (outcome.status, outcome.failed, outcome.stopped) == (1, ("06",), False)
    assert outcome.report.name == "index.html"
    assert [entry["chapter"] for entry in outcome.results["chapters"]] == ["05", "06"]
    assert capsys.readouterr().out == ""

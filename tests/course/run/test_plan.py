import asyncio
import io
import json
import os
import signal
import subprocess
import sys
import time

from helpers.course import catalog, notebook
from helpers.course.run import local, store
from helpers.course.run import plan as runner
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
    status = runner.run(
        runner.Plan(notebooks=notebooks, profile=profile, out=out, **plan), Progress(stream)
    )
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

    async def work(source, target, profile, seed, limit, variables, on_cell):
        ran.append(source.name[:2])
        on_cell(1, 2)
        nb = nbformat.read(source, as_version=4)
        nb.cells[-1].outputs = [
            shown(begin(source.name[:2], profile)),
            shown(figure("F05.3", 0.98, 0.9785, True)),
        ]
        for cell in nb.cells[1:]:
            cell.metadata["papermill"] = {"start_time": "now"}
        nbformat.write(nb, target)
        return "ValueError: wrong" if "fails" in nb.cells[-2].source else None

    monkeypatch.setattr(local, "work", work)
    monkeypatch.setattr(runner.report, "chapter_page", lambda nb, title: title)
    return ran


def test_killed_runner_leaves_no_process_and_whole_results(course, work, monkeypatch):
    notebooks = course({"05": GOOD, "07": WAITS})
    out = notebooks.parent / "out"
    assert run(notebooks, only="05")[0] == 0
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


@pytest.mark.parametrize("change", ["source", "tag", "seed", "helpers", "notebook gone"])
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
        case "helpers":
            monkeypatch.setattr(runner.fingerprint, "sources", lambda: "other")
        case _:
            (notebooks.parent / "out" / "05_chapter.ipynb").unlink()
    assert run(notebooks, seed=seed)[1]["chapters"]["05"]["status"] == "passed"
    assert work == ["05", "05"]


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
    assert list(run(notebooks, only="5", force=True)[1]["chapters"]) == ["05", "07"]
    course({"07": chapter("x = 2")})
    assert list(run(notebooks, only="5")[1]["chapters"]) == ["05"]


def test_failure_outside_of_what_was_asked_for_is_not_this_runs(course, work):
    notebooks = course({"05": GOOD, "06": chapter("fails")})
    assert run(notebooks)[0] == 1
    assert run(notebooks, only="05")[0] == 0


@pytest.mark.parametrize("profile", ["sample", "full"])
def test_figure_is_held_against_the_published_one_only_in_full(course, work, profile):
    found = run(course({"05": GOOD}), profile=profile)[1]
    figures = found["chapters"]["05"]["figures"]
    within = True if profile == "full" else None
    assert figures == [{"id": "F05.3", "value": 0.98, "published": 0.9785, "within": within}]
    assert found["profile"] == profile


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"chapters": [{"chapter": "05"}]}', '{"chapters": 3}']
)
def test_damaged_results_count_as_none_and_are_said(course, work, capsys, text):
    notebooks = course({"05": GOOD})
    out = notebooks.parent / "out"
    out.mkdir()
    (out / store.NAME).write_text(text)
    assert run(notebooks)[0] == 0
    assert work == ["05"]
    assert "is damaged: all chapters run again" in capsys.readouterr().out


def test_unreadable_executed_notebook_is_a_failure(course, monkeypatch):
    async def work(source, target, *_):
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


def test_jobs_are_bounded_by_chapters_cores_and_memory(monkeypatch):
    monkeypatch.setattr(runner.joblib, "cpu_count", lambda: 4)

    def memory(gigabytes):
        answer = type("Memory", (), {"available": gigabytes * 1e9})
        monkeypatch.setattr(runner.psutil, "virtual_memory", lambda: answer)

    memory(64)
    assert runner.jobs_for(28, "sample") == 4
    assert runner.jobs_for(2, "sample") == 2
    memory(5)
    assert runner.jobs_for(28, "sample") == 2
    assert runner.jobs_for(28, "full") == 1


class Terminal(io.StringIO):
    def isatty(self):
        return True


ENTRY = {"chapter": "05", "title": "MNIST", "status": "passed", "seconds": 1.0, "peak_mb": 9}


def test_terminal_shows_a_bar_that_goes_away():
    terminal = Terminal()
    progress = Progress(terminal)
    progress.step("05", 3, 10)
    progress.step("05", 4, 10)
    progress.tick()
    assert "05 MNIST with dense layers" in terminal.getvalue()
    assert " 3 of 10 cells" in terminal.getvalue()
    progress.done(ENTRY)
    assert not progress.bars
    assert terminal.getvalue().endswith("05 MNIST: passed in 1.0 s, 9 MB\n")


def test_elsewhere_only_finished_chapters_are_lines():
    stream = io.StringIO()
    progress = Progress(stream)
    progress.step("05", 3, 10)
    assert stream.getvalue() == ""
    progress.done(ENTRY | {"status": "failed", "error": "Code cell 3: ValueError: a\nlong story"})
    assert stream.getvalue() == "05 MNIST: failed after 1.0 s. Code cell 3: ValueError: a\n"


def test_environment_puts_these_helpers_first(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    path = local.environment(1)["PYTHONPATH"]
    assert path == f"{catalog.ROOT}{os.pathsep}elsewhere"

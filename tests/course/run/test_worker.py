import json
import os
import subprocess
import sys

from helpers.course import notebook
from helpers.course.run import worker
from tests.course.small_chapters import chapter, code, expectation, showing

import nbformat
import pytest

PARAMETERS = {"PROFILE": "sample", "SEED": 3}


@pytest.fixture
def run_notebook(tmp_path):
    """Execute a notebook in this process; returns error, executed notebook, cells started."""

    def run(nb):
        source, target, started = tmp_path / "05_x.ipynb", tmp_path / "done{x}.ipynb", []
        nbformat.write(nb, source)
        error = worker.execute(source, target, PARAMETERS, lambda *cell: started.append(cell))
        return error, nbformat.read(target, as_version=4), started

    return run


def test_execute_passes_parameters_and_tells_each_cell(run_notebook):
    error, nb, started = run_notebook(chapter("print(PROFILE, SEED)"))
    assert error is None
    assert "sample 3\n" in [
        output.get("text") for cell in nb.cells for output in cell.get("outputs", [])
    ]
    assert started == [(n, 7) for n in range(1, 8)]


def test_kernel_is_this_python_whatever_kernelspec_is_installed(
    run_notebook, tmp_path, monkeypatch
):
    spec = tmp_path / "kernels" / "python3"
    spec.mkdir(parents=True)
    stranger = {"argv": ["false"], "display_name": "Python 3", "language": "python"}
    (spec / "kernel.json").write_text(json.dumps(stranger))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    error, nb, _ = run_notebook(chapter("import sys\nprint(sys.executable)"))
    assert error is None
    assert nb.cells[-2].outputs[0].text == f"{sys.executable}\n"


def test_error_of_a_cell_tagged_for_it_is_no_failure(run_notebook):
    error, nb, _ = run_notebook(
        chapter(code("1 / 0", "raises-exception"), showing(expectation("it goes on")))
    )
    assert error is None
    assert [record["type"] for record in notebook.records(nb)] == ["begin", "expectation", "finish"]
    assert not any("papermill" in tag for cell in nb.cells for tag in notebook.tags(cell))


def test_unexpected_error_is_found_behind_an_expected_one(run_notebook):
    error, nb, _ = run_notebook(
        chapter(code("1 / 0", "raises-exception"), "raise KeyError('colour')", "print('never')")
    )
    assert error == "KeyError: 'colour'"
    assert notebook.last_started(nb)[0] == 5
    assert nb.cells[-2].outputs == []


def test_error_without_a_message_is_named(run_notebook):
    assert run_notebook(chapter("assert False"))[0] == "AssertionError"


def test_dead_kernel_is_said_in_a_sentence(run_notebook):
    error, nb, _ = run_notebook(chapter("import os\nos.kill(os.getpid(), 9)"))
    assert error == worker.KERNEL_DIED
    assert notebook.last_started(nb)[0] == 4


def test_other_failures_are_named(monkeypatch, run_notebook, tmp_path):
    def no_kernel(*_, **__):
        nbformat.write(chapter(), tmp_path / "done{x}.ipynb")
        raise RuntimeError("no ports left")

    monkeypatch.setattr(worker.papermill, "execute_notebook", no_kernel)
    assert run_notebook(chapter())[0] == "RuntimeError: no ports left"


def test_main_writes_events_as_json_lines_apart_from_what_else_is_printed(
    tmp_path, monkeypatch, capfd
):
    def execute(source, target, parameters, on_cell):
        os.write(1, b"a library prints\n")
        on_cell(1, 2)
        return None if parameters == PARAMETERS else "wrong"

    monkeypatch.setattr(worker, "execute", execute)
    monkeypatch.setattr(worker, "end_with_runner", lambda stdin, scratch: None)
    arguments = ["a.ipynb", str(tmp_path / "b.ipynb"), "--profile", "sample", "--seed"]
    assert worker.main([*arguments, "3"]) == 0
    assert worker.main([*arguments, "4"]) == 1
    out, err = capfd.readouterr()
    events = [json.loads(line) for line in out.splitlines() if line.startswith("{")]
    assert events[:2] == [{"cell": 1, "of": 2}, {"error": None}]
    assert "a library prints" in err


def test_end_with_runner_ends_children_and_removes_the_scratch_folder(tmp_path, monkeypatch):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    (scratch / "half.ipynb").write_text("{")
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    this = worker.psutil.Process()
    mine = [process for process in this.children() if process.pid == child.pid]
    monkeypatch.setattr(worker.psutil.Process, "children", lambda self, recursive: mine)

    def leave(status):
        raise SystemExit(status)

    monkeypatch.setattr(os, "_exit", leave)
    reading, writing = os.pipe()
    os.write(writing, b"still here")
    os.close(writing)
    with pytest.raises(SystemExit):
        worker.end_with_runner(reading, scratch)
    os.close(reading)
    assert child.wait(timeout=5) != 0
    assert not scratch.exists()

from helpers.course.run import plan as planning
from helpers.course.run.plan import Plan, Task
from tests.course.small_chapters import chapter

import pytest


def test_tasks_are_the_chapters_asked_for_with_seed_profile_and_target(course, tmp_path):
    notebooks = course({"05": chapter(), "06": chapter(), "07": chapter()})
    plan = Plan(notebooks, "full", tmp_path / "out", seed=3, only=("05", "07"))
    assert plan.tasks() == [
        Task(
            chapter=number,
            profile="full",
            seed=3,
            notebook=notebooks / f"{number}_chapter.ipynb",
            target=tmp_path / "out" / f"{number}_chapter.ipynb",
        )
        for number in ("05", "07")
    ]
    assert [task.chapter for task in plan.all_tasks()] == ["05", "06", "07"]


def test_each_seed_is_a_task_and_all_but_the_first_have_a_folder(course, tmp_path):
    notebooks = course({"05": chapter(), "06": chapter()})
    plan = Plan(notebooks, "full", tmp_path, seeds=(4, 0), only=("06",))
    assert [(task.chapter, task.seed) for task in plan.tasks()] == [("06", 4), ("06", 0)]
    assert [task.target.relative_to(tmp_path).as_posix() for task in plan.tasks()] == [
        "06_chapter.ipynb",
        "seed-0/06_chapter.ipynb",
    ]
    known = [(task.chapter, task.seed) for task in plan.all_tasks({0, 9})]
    assert known == [("05", 4), ("06", 4), ("05", 0), ("06", 0), ("05", 9), ("06", 9)]


def test_unknown_profile_is_said(tmp_path):
    with pytest.raises(ValueError, match="The profile is 'ful'; choose 'sample' or 'full'"):
        Plan(tmp_path, "ful", tmp_path)


def test_limit_is_the_profiles_own_unless_one_is_given(tmp_path):
    assert Plan(tmp_path, "sample", tmp_path).limit == 600
    assert Plan(tmp_path, "sample", tmp_path, timeout=7).limit == 7


def test_jobs_are_bounded_by_chapters_cores_and_memory(monkeypatch):
    monkeypatch.setattr(planning.joblib, "cpu_count", lambda: 4)

    def memory(gigabytes):
        answer = type("Memory", (), {"available": gigabytes * 1e9})
        monkeypatch.setattr(planning.psutil, "virtual_memory", lambda: answer)

    memory(64)
    assert planning.jobs_for(28, "sample") == 4
    assert planning.jobs_for(2, "sample") == 2
    memory(5)
    assert planning.jobs_for(28, "sample") == 2
    assert planning.jobs_for(28, "full") == 1

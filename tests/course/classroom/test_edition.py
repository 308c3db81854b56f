from helpers.course import catalog, notebook
from helpers.course.classroom import edition
from helpers.course.classroom.nbgrading import ClearExerciseOutput
from tests.course import made_up_class
from tests.course.small_chapters import chapter

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output


def text(source, *tags):
    return new_markdown_cell(source, metadata={"tags": list(tags)})


def test_a_student_begins_on_the_stand_ins_and_reads_what_the_other_profile_is():
    nb = chapter("print(PROFILE)")
    edition.for_students(nb)
    values = {}
    exec(nb.cells[1].source, values)
    assert (values["PROFILE"], values["SEED"]) == ("sample", 0)
    assert "None: the real data" in nb.cells[1].source


def test_every_test_says_that_it_passed_once():
    nb = made_up_class.exercises()
    edition.for_students(nb)
    edition.for_students(nb)
    ends = [cell.source.splitlines()[-1] for cell in nb.cells if "print(" in cell.source]
    assert ends.count(edition.PASSED) == len(made_up_class.RIGHT)
    tests = made_up_class.find(nb, "X05_1_test").source
    assert tests.count("passed") == 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "**X05.1 · A race** (5 min, 2 points). Run.",
            "### X05.1 · A race (5 min, 2 points)\n\nRun.",
        ),
        ("**X05.1 · A race**\n\nRun.", "### X05.1 · A race\n\n\n\nRun."),
        ("Words.\n\n**Exercise 2 · A race.** Run.", "Words.\n\n### Exercise 2 · A race.\n\nRun."),
        ("**Only bold.** Run.", "**Only bold.** Run."),
    ],
)
def test_a_bold_name_of_an_exercise_becomes_a_heading(before, after):
    nb = new_notebook(cells=[text("## Exercises", "exercises"), text(before)])
    edition.for_students(nb)
    assert nb.cells[1].source == after


def test_bold_words_outside_of_the_exercises_stay():
    bold = "**One · two** words."
    nb = new_notebook(
        cells=[text(bold), text("## E", "exercises"), text(f"## S {bold}", "summary")]
    )
    nb.cells.append(text(bold))
    edition.for_students(nb)
    assert [nb.cells[n].source for n in (0, 3)] == [bold, bold]


def test_links_lead_to_chapters_that_are_handed_out():
    nb = new_notebook(cells=[text("[5](05_a.ipynb), [6](06_b.ipynb), [out](https://keras.io)")])
    edition.for_students(nb, {"05_a.ipynb"})
    assert nb.cells[0].source == "[5](05_a.ipynb), 6, [out](https://keras.io)"


@pytest.mark.parametrize("number", sorted(catalog.notebooks(catalog.NOTEBOOKS)))
def test_every_exercise_of_the_course_is_in_the_students_table_of_contents(number):
    nb = notebook.read(catalog.notebooks(catalog.NOTEBOOKS)[number])
    edition.for_students(nb)
    ids = {tag for cell in nb.cells for tag in notebook.tags(cell) if tag.startswith("X")}
    start = next(n for n, cell in enumerate(nb.cells) if "exercises" in notebook.tags(cell))
    exercises = [cell.source for cell in nb.cells[start:] if cell.cell_type == "markdown"]
    headings = [line for one in exercises for line in one.splitlines() if line.startswith("### ")]
    assert len(headings) >= len(ids)


def test_folded_answers_of_the_exercises_are_the_teachers():
    why = "### Why?\n\n1. Why?"
    answers = "<details><summary>Answers</summary>\n\n1. So.\n\n</details>"
    nb = new_notebook(
        cells=[
            text(f"A plot. {answers}"),
            text("## Exercises", "exercises"),
            text(f"{why}\n\n{answers}"),
            text(answers, "answer"),
            text("## Summary", "summary"),
        ]
    )
    edition.for_students(nb)
    assert [cell.source for cell in nb.cells[2:]] == [why, "## Summary"]
    assert "So." in nb.cells[0].source


@pytest.mark.parametrize(("tag", "left"), [("answer", 0), ("L05.1", 1)])
def test_what_answers_a_guess_is_cleared_and_what_a_listing_prints_stays(tag, left):
    shown = [new_output("stream", text="42")]
    cell = new_code_cell("print(42)", outputs=shown, metadata={"tags": [tag]})
    cell, _ = ClearExerciseOutput().preprocess_cell(cell, {}, 0)
    assert len(cell.outputs) == left

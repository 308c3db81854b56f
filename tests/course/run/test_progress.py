import io

from helpers.course.run.progress import Progress, label


class Terminal(io.StringIO):
    def isatty(self):
        return True


ENTRY = {"chapter": "05", "seed": 0, "status": "passed", "seconds": 1.0, "peak_mb": 9}
NAME = "05 MNIST with dense layers"


def test_terminal_shows_a_bar_that_goes_away():
    terminal = Terminal()
    progress = Progress(terminal)
    progress.step(label("05", 0), 3, 10)
    progress.step(label("05", 0), 4, 10)
    progress.tick()
    assert NAME in terminal.getvalue()
    assert " 3 of 10 cells" in terminal.getvalue()
    progress.done(ENTRY)
    assert not progress.bars
    assert terminal.getvalue().endswith(f"{NAME}: passed in 1.0 s, 9 MB\n")


def test_two_seeds_of_a_chapter_have_a_bar_each():
    progress = Progress(Terminal())
    progress.step(label("05", 0), 3, 10)
    progress.step(label("05", 4), 4, 10)
    progress.done(ENTRY)
    assert list(progress.bars) == [f"{NAME}, seed 4"]
    progress.close(label("05", 4))


def test_terminal_counts_the_chapters_of_the_whole_run():
    terminal = Terminal()
    progress = Progress(terminal)
    progress.begin(21)
    progress.step(label("05", 0), 3, 10)
    progress.done(ENTRY)
    assert " 1 of 21 chapters" in terminal.getvalue()
    progress.end()
    assert progress.whole is None


def test_one_chapter_needs_no_count():
    progress = Progress(Terminal())
    progress.begin(1)
    assert progress.whole is None


def test_elsewhere_only_finished_chapters_are_lines():
    stream = io.StringIO()
    progress = Progress(stream)
    progress.step(NAME, 3, 10)
    assert stream.getvalue() == ""
    progress.done(ENTRY | {"status": "failed", "error": "Code cell 3: ValueError: a\nlong story"})
    assert stream.getvalue() == f"{NAME}: failed after 1.0 s. Code cell 3: ValueError: a\n"

import io

from helpers.course.run.progress import Progress


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

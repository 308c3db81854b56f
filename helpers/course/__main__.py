"""The command line of the course: ``python -m helpers.course run|outputs|results|check|…``."""

from __future__ import annotations

import argparse
import io
import os
import sys
from pathlib import Path
from typing import NoReturn

from helpers import PROFILES
from helpers.course import catalog, notebook


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="python -m helpers.course", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)

    run = commands.add_parser("run", help="run chapters and write a report")
    run.add_argument(
        "--profile",
        choices=PROFILES,
        default=os.environ.get("DL_PROFILE") or "sample",
        help="sample: embedded stand-ins; full: the real data (default: $DL_PROFILE, else sample)",
    )
    seeds = run.add_mutually_exclusive_group()
    seeds.add_argument("--seed", type=int, default=0, help="seed of every chapter (default: 0)")
    seeds.add_argument(
        "--seeds",
        type=_seeds,
        default=(),
        metavar="0,1,2",
        help="run every chapter with each of them: the report then shows the spread",
    )
    outputs = commands.add_parser(
        "outputs", help="run chapters in full and write their outputs into the notebooks"
    )
    doubt = commands.add_parser(
        "doubt", help="run chapters where their claims must fail, and say which never do"
    )
    doubt.add_argument(
        "--spoilers",
        metavar="NAMES",
        help="with commas between: no-learning, shuffled-labels, shuffled-inputs, "
        "constant-inputs, changes (of the code; default: all)",
    )
    doubt.add_argument("--engine", choices=("local",), default="local", help="where to run it")
    doubt.add_argument("--quick", action="store_true", help="at most 12 changes a chapter")
    doubt.add_argument(
        "--keep", action="store_true", help="keep what was seen, for RESULTS.md to count"
    )
    for command in (run, outputs, doubt):
        command.add_argument("--jobs", type=_positive, help="chapters at a time")
        command.add_argument("--out", type=Path, metavar="DIR", help="default: runs/PROFILE")
        command.add_argument("--force", action="store_true", help="run unchanged chapters too")
        command.add_argument(
            "--timeout", type=_positive, metavar="SECONDS", help="limit for each chapter"
        )
    results = commands.add_parser("results", help="write RESULTS.md and README's chapter table")
    results.add_argument("--check", action="store_true", help="only say whether they are current")
    results.add_argument(
        "--refresh",
        action="store_true",
        help="first bring the verdicts in the notebooks' outputs up to the ledger",
    )
    results.add_argument("--root", type=Path, default=catalog.ROOT, help=argparse.SUPPRESS)
    check = commands.add_parser("check", help="check the structure of the notebooks")
    colab = commands.add_parser("colab", help="build notebooks that need no other file")
    colab.add_argument("--out", type=Path, default=catalog.ROOT / "dist" / "colab", metavar="DIR")
    colab.add_argument("--student", action="store_true", help="without the solutions")
    bundle = commands.add_parser("bundle", help="build one archive that needs no network")
    bundle.add_argument(
        "--out", type=Path, default=catalog.ROOT / "dist" / "offline", metavar="DIR"
    )
    tolerances = commands.add_parser(
        "tolerances", help="fail if a full run has a figure out of tolerance"
    )
    tolerances.add_argument(
        "--out", type=Path, default=catalog.ROOT / "runs" / "full", metavar="DIR"
    )
    tolerances.add_argument(
        "--write",
        action="store_true",
        help="from a run with --seeds: write the ledger's tolerances and seeds.csv",
    )
    links = commands.add_parser("links", help="stamp the published repository's address")
    links.add_argument("--repository", metavar="OWNER/NAME", help="empty: remove the links")
    links.add_argument("--root", type=Path, default=catalog.ROOT, help=argparse.SUPPRESS)
    student = commands.add_parser("student", help="build what students get, without solutions")
    grade = commands.add_parser("grade", help="grade submissions: a table and feedback pages")
    grade.add_argument("submissions", type=Path, help="a folder for each student, notebooks in it")
    grade.add_argument("--jobs", type=_positive, help="submissions at a time")
    grade.add_argument(
        "--timeout", type=_positive, default=300, metavar="SECONDS", help="limit for a submission"
    )
    slides = commands.add_parser("slides", help="build each chapter as slides")
    for command, folder in ((student, "student"), (grade, "grades"), (slides, "slides")):
        command.add_argument(
            "--out", type=Path, default=catalog.ROOT / "dist" / folder, metavar="DIR"
        )
    for command in (run, outputs, doubt, check, colab, student, grade, slides):
        command.add_argument(
            "--only", type=_chapters, metavar="05,07", help="these chapters (default: all)"
        )
        command.add_argument(
            "--notebooks",
            type=Path,
            default=catalog.NOTEBOOKS,
            metavar="DIR",
            help=argparse.SUPPRESS,
        )
    return parser


class Parser(argparse.ArgumentParser):
    """Says what is wrong in a line, without the usage of all options before it."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{message}; {self.prog} --help lists all.\n")


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number of 1 or more")
    return int(text)


def _seeds(text: str) -> tuple[int, ...]:
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isdecimal() for part in parts) or len(set(parts)) < len(parts):
        raise argparse.ArgumentTypeError(
            f"{text!r} is no list of seeds; give whole numbers with commas between: 0,1,2"
        )
    return tuple(int(part) for part in parts)


def _chapters(text: str) -> tuple[str, ...]:
    try:
        return catalog.numbers(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line says and return the exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a console of another alphabet shows ? for names
            stream.reconfigure(errors="replace")
    parser = _parser()
    given = parser.parse_args(arguments)
    try:
        if given.command == "results":
            from helpers.course.publish import refresh, results

            if given.refresh:
                refresh.notebooks(given.root / "notebooks")
            return results.write(given.root, given.check)
        if given.command in PUBLISHING:
            return PUBLISHING[given.command](given)
        if given.command in TEACHING:
            return TEACHING[given.command](given)
        if given.command == "doubt":
            return _doubt(given)
        return _check(given) if given.command == "check" else _run(given)
    except ValueError as error:
        parser.exit(2, f"{error}\n")
    except KeyboardInterrupt:
        return 130


def _run(given: argparse.Namespace) -> int:
    from helpers.course.run import commit, runner
    from helpers.course.run.plan import Plan

    profile = getattr(given, "profile", "full")
    plan = Plan(
        notebooks=given.notebooks,
        profile=profile,
        out=given.out or catalog.ROOT / "runs" / profile,
        seed=getattr(given, "seed", 0),
        seeds=getattr(given, "seeds", ()),
        only=given.only,
        jobs=given.jobs,
        timeout=given.timeout,
        force=given.force,
    )
    return runner.run(plan) if given.command == "run" else commit.update(plan)


def _doubt(given: argparse.Namespace) -> int:
    from helpers.course.check.doubt import runner
    from helpers.course.run.plan import Plan

    plan = Plan(
        notebooks=given.notebooks,
        profile="sample",
        out=given.out or catalog.ROOT / "runs" / "doubt",
        only=given.only,
        jobs=given.jobs,
        timeout=given.timeout,
        force=given.force,
    )
    ways = runner.ways(given.spoilers) if given.spoilers else runner.WAYS
    return runner.run(runner.Doubt(plan, ways, given.quick, given.keep))


def _check(given: argparse.Namespace) -> int:
    from helpers.course.check import structure

    found = []
    for path in catalog.select(given.notebooks, given.only).values():
        try:
            notebook.read(path)
        except ValueError as error:
            found.append(str(error))
        else:
            found += [f"{path.name}: {complaint}" for complaint in structure.check_file(path)]
    print("\n".join(found) or "The notebooks are in order.")
    return int(bool(found))


def _colab(given: argparse.Namespace) -> int:
    from helpers.course.publish import colab

    return colab.build(given.notebooks, given.out, given.only, given.student)


def _tolerances(given: argparse.Namespace) -> int:
    from helpers.course.publish import tolerances

    return tolerances.write(given.out) if given.write else tolerances.check(given.out)


def _links(given: argparse.Namespace) -> int:
    from helpers.course.publish import links

    kept = links.repository(given.root) if given.repository is None else given.repository
    return links.write(given.root, kept)


def _bundle(given: argparse.Namespace) -> int:
    from helpers.course.publish import bundle

    return bundle.build(catalog.ROOT, given.out)


def _student(given: argparse.Namespace) -> int:
    from helpers.course.classroom import handout

    handout.build(given.notebooks, given.out, given.only)
    return 0


def _grade(given: argparse.Namespace) -> int:
    from helpers.course.classroom import grade

    grade.grade(
        folder=given.submissions,
        notebooks=given.notebooks,
        out=given.out,
        seconds=given.timeout,
        only=given.only,
        jobs=given.jobs,
    )
    return 0


def _slides(given: argparse.Namespace) -> int:
    from helpers.course.publish import slides

    slides.build(given.notebooks, given.out, given.only)
    return 0


PUBLISHING = {"colab": _colab, "links": _links, "bundle": _bundle, "tolerances": _tolerances}
TEACHING = {"student": _student, "grade": _grade, "slides": _slides}


if __name__ == "__main__":
    sys.exit(main())

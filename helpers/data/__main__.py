"""Look after the real data files in Keras's cache: list them, fetch them, verify them."""

from __future__ import annotations

import argparse
import sys

from helpers.data import registry
from helpers.data.registry import DataError


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit status is 1 where a file is damaged or could not be fetched."""
    parser = argparse.ArgumentParser(prog="python -m helpers.data", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="all files that the course knows, their size and state")
    fetch = commands.add_parser("fetch", help="download what is missing")
    fetch.add_argument("names", nargs="*", metavar="NAME", help="a file or a data set; none: all")
    commands.add_parser("verify", help="check the files that are there against their hashes")
    options = parser.parse_args(arguments)
    try:
        if options.command == "fetch":
            return fetch_files(options.names)
        return show_files(everything=options.command == "list")
    except DataError as error:
        print(error, file=sys.stderr)
        return 1


def show_files(everything: bool) -> int:
    """Print a table of all files, or only of those that are in the cache; 1 if one is damaged."""
    print(f"Cache: {registry.cache_dir()}")
    states = {entry: registry.state(entry) for entry in registry.entries().values()}
    shown = [entry for entry, state in states.items() if everything or state != "missing"]
    width = max((len(entry.file) for entry in shown), default=0)
    for entry in shown:
        size = f"{entry.bytes / 1e6:.1f} MB" if entry.bytes else "?"
        chapters = "chapters " + " ".join(entry.chapters)
        print(f"{entry.file:{width}}  {size:>8}  {states[entry]:13}  {chapters}")
    broken = [entry for entry in shown if states[entry] in ("damaged", "unreadable")]
    for entry in broken:
        print(f"{entry.path} is {states[entry]}: delete it and fetch it again.", file=sys.stderr)
    return int(bool(broken))


def fetch_files(names: list[str]) -> int:
    """Fetch the named files, or all whose hash is known; go on where one fails, and return 1."""
    if not names:
        names = [entry.file for entry in registry.entries().values() if entry.sha256]
    chosen = [entry for name in names for entry in registry.find(name)]
    failed = False
    for entry in chosen:
        try:
            print(registry.fetch(entry.file))
        except DataError as error:
            print(error, file=sys.stderr)
            failed = True
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())

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
        size = f"{_size(entry):>12}"
        print(f"{entry.file:{width}}  {size}  {states[entry]:13}  {_chapters(entry)}")
    broken = [entry for entry in shown if states[entry] in ("damaged", "unreadable")]
    for entry in broken:
        print(f"{entry.path} is {states[entry]}: delete it and fetch it again.", file=sys.stderr)
    return int(bool(broken))


def fetch_files(names: list[str]) -> int:
    """Fetch the named files, or all whose hash is known; go on where one fails, and return 1.

    Before, it says how much that is; at the end, without names, what can be had by hand only.
    """
    known = list(registry.entries().values())
    chosen = [entry for name in names for entry in registry.find(name)] or [
        entry for entry in known if entry.sha256
    ]
    missing = [entry for entry in chosen if not entry.path.exists()]
    print(f"{len(chosen)} files, of which {len(missing)} are to be downloaded: {_total(missing)}.")
    failed = False
    for number, entry in enumerate(chosen, start=1):
        try:
            print(f"{number} of {len(chosen)}, {_size(entry)}: {registry.fetch(entry.file)}")
        except DataError as error:
            print(error, file=sys.stderr)
            failed = True
    by_hand = [e for e in known if not (names or e.sha256 or e.path.exists())]
    if by_hand:
        print(
            "To be fetched by hand, because no hash of these files is known by which a download "
            "could be trusted:"
        )
    for entry in by_hand:
        print(f"  {entry.urls[0]} ({_size(entry)}, {_chapters(entry)}) into {entry.path.parent}")
    return int(failed)


def _size(entry: registry.Entry) -> str:
    return f"{entry.bytes / 1e6:,.1f} MB" if entry.bytes else "size unknown"


def _total(entries: list[registry.Entry]) -> str:
    return f"{sum(entry.bytes or 0 for entry in entries) / 1e6:,.0f} MB"


def _chapters(entry: registry.Entry) -> str:
    return f"chapter{'s' * (len(entry.chapters) != 1)} {' '.join(entry.chapters)}"


if __name__ == "__main__":
    sys.exit(main())

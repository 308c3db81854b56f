"""A cache of its own and a small web server for the tests of the registry."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from helpers import PERSON_VARIABLES
from helpers.data import registry

import numpy as np
import pytest

CONTENT = b"forty-two words of data " * 2_000
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """An empty Keras cache; nobody watches, so that no progress bar is drawn."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    for name in PERSON_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "keras"


@pytest.fixture
def register(monkeypatch):
    """Replace the registry by one data file with the given addresses and hash."""

    def replace(*urls: str, sha256: str = SHA256) -> registry.Entry:
        entry = registry.Entry(
            file="tiny.bin",
            folder="datasets",
            urls=urls or ("http://127.0.0.1:9/tiny.bin",),  # port 9 discards: no connection
            sha256=sha256,
            bytes=len(CONTENT),
            dataset="tiny",
            chapters=("07",),
            licence="none",
            citation="none",
        )
        monkeypatch.setattr(registry, "entries", lambda: {entry.file: entry})
        return entry

    return replace


@pytest.fixture
def pass_for_real(cache, monkeypatch):
    """Write content under the name of a real file into the cache, and let the registry trust it."""
    known = dict(registry.entries())
    monkeypatch.setattr(registry, "entries", lambda: known)

    def write(file, content):
        known[file] = replace(known[file], sha256=hashlib.sha256(content).hexdigest())
        known[file].path.parent.mkdir(parents=True, exist_ok=True)
        known[file].path.write_bytes(content)
        return known[file].path

    return write


def assert_same(ours, theirs):
    """Two pairs of arrays of one dtype, shape and content."""
    for our_part, their_part in zip(ours, theirs, strict=True):
        for our_array, their_array in zip(our_part, their_part, strict=True):
            assert our_array.dtype == their_array.dtype
            assert our_array.shape == their_array.shape
            if our_array.dtype == object:
                assert our_array.tolist() == their_array.tolist()
                assert type(our_array[0]) is type(their_array[0]) is list
                assert type(our_array[0][0]) is type(their_array[0][0]) is int
            else:
                np.testing.assert_array_equal(our_array, their_array)


class Handler(BaseHTTPRequestHandler):
    """Answers by path: right, wrong or half the content, at once or when two have asked."""

    def do_GET(self):
        self.server.asked.append(self.path)
        if self.path == "/missing":
            self.send_error(404)
            return
        if self.path == "/together":
            self.server.two.wait(timeout=30)
        self.send_response(200)
        self.send_header("Content-Length", str(len(CONTENT)))
        self.end_headers()
        body = CONTENT[::-1] if self.path == "/wrong" else CONTENT
        if self.path in ("/half", "/stalled"):
            body = body[: len(body) // 2]
        self.wfile.write(body)
        if self.path == "/stalled":
            self.wfile.flush()
            self.server.stalled.set()
            self.server.released.wait(timeout=30)

    def log_message(self, *_):
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """A web server on this machine that remembers what it was asked for."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[str] = []
        self.two = threading.Barrier(2)
        self.stalled = threading.Event()
        self.released = threading.Event()

    def handle_error(self, *_):
        """A client that hangs up is part of the test."""

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_port}{path}"


@pytest.fixture
def server():
    with Server() as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield running
        running.released.set()
        running.shutdown()

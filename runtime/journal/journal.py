"""The tables of the journal, and what is asked of them.

Writes are collected until `commit`, or until something is read: what was published is written down while the next
process is already getting going.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator

import msgspec

from podpipec_runtime.interpreter.keys import Parts
from podpipec_runtime.interpreter.values import Loc, Pinned, Record, Stored
from podpipec_runtime.tuples import NamedTuple

_VERSION = 2
_TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE records (key TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE objects (place TEXT, hash TEXT, bytes INTEGER NOT NULL, owner TEXT NOT NULL,
                      PRIMARY KEY (place, hash)) WITHOUT ROWID;
CREATE TABLE pins (owner TEXT, place TEXT, hash TEXT, PRIMARY KEY (owner, place, hash)) WITHOUT ROWID;
CREATE TABLE sent (path TEXT PRIMARY KEY, digest TEXT NOT NULL, owner TEXT NOT NULL,
                   stamp TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE slices (path TEXT, depth INTEGER, stamp TEXT NOT NULL, body BLOB NOT NULL,
                     PRIMARY KEY (path, depth)) WITHOUT ROWID;
CREATE TABLE lasts (instance TEXT PRIMARY KEY, parts BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE processes (pid INTEGER PRIMARY KEY, started TEXT NOT NULL);
"""
#: What version 2 has besides: what was pinned, and which calls of services began.
_SINCE_1 = """
CREATE TABLE recorded (owner TEXT, name TEXT, body BLOB NOT NULL, PRIMARY KEY (owner, name)) WITHOUT ROWID;
CREATE TABLE effects (owner TEXT, name TEXT, state TEXT NOT NULL, PRIMARY KEY (owner, name)) WITHOUT ROWID;
"""


class JournalError(Exception):
    """The journal can't be used; nothing was changed."""


class Remote(NamedTuple):
    """What was sent to a remote path: the value's digest, for whom, and the stamp of what lies there."""

    digest: str
    owner: str
    stamp: str


class Journal:
    """One open journal. Raises JournalError for a file that is damaged or of another version."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._records = msgspec.msgpack.Decoder(Record)
        self._stored = msgspec.msgpack.Decoder(Stored)
        self._parts = msgspec.msgpack.Decoder(Parts)
        self._pinned = msgspec.msgpack.Decoder(Pinned)
        self._encode = msgspec.msgpack.Encoder().encode
        self._waiting: list[tuple[str, tuple[object, ...]]] = []
        self._open = False
        self._published: set[str] | None = None  # the steps that ever were, once somebody asks
        try:
            self._db = sqlite3.connect(path, isolation_level=None, timeout=10)
            self._prepare()
        except sqlite3.Error as error:
            raise JournalError(f"the journal {path} can't be used: {error}") from None

    def _prepare(self) -> None:
        run = self._db.execute
        version = run("PRAGMA user_version").fetchone()[0]
        if version not in range(_VERSION + 1):
            raise JournalError(f"the journal {self.path} has version {version}, this runtime has {_VERSION}")
        run("PRAGMA journal_mode=WAL")
        run("PRAGMA synchronous=NORMAL")
        if version < _VERSION:
            new = _SINCE_1 if version else _TABLES + _SINCE_1
            self._db.executescript(f"BEGIN; {new} PRAGMA user_version={_VERSION}; COMMIT;")

    def _write(self, sql: str, values: tuple[object, ...]) -> None:
        self._waiting.append((sql, values))

    def _read(self, sql: str, values: tuple[object, ...] = ()) -> sqlite3.Cursor:
        """Asks the tables, with everything in them that was written so far."""
        self._put()
        return self._db.execute(sql, values)

    def _put(self) -> None:
        if self._waiting and not self._open:
            self._db.execute("BEGIN")
            self._open = True
        for sql, values in self._waiting:
            self._db.execute(sql, values)
        self._waiting.clear()

    def commit(self) -> None:
        """Everything written so far survives the process from now on."""
        self._put()
        if self._open:
            self._db.execute("COMMIT")
            self._open = False

    def close(self) -> None:
        """Writes what can be written; what can't is done again by the next run."""
        with contextlib.suppress(sqlite3.Error):
            self.commit()
        self._db.close()

    # --- records, and why calls ran -------------------------------------------------------------

    def records(self) -> Iterator[tuple[str, Record]]:
        """Every result that is known, by its key."""
        for key, body in self._read("SELECT key, body FROM records"):
            yield key, self._records.decode(body)

    def add_record(self, key: str, record: Record) -> None:
        self._write("INSERT OR REPLACE INTO records VALUES (?, ?)", (key, self._encode(record)))

    def drop_record(self, key: str) -> None:
        self._write("DELETE FROM records WHERE key = ?", (key,))

    def last(self, instance: str) -> Parts | None:
        """What the key of a step was made of when it was last published.

        Most steps that are asked for never ran, and to ask the tables costs a part of what a small step costs.
        """
        if self._published is None:
            self._published = {row[0] for row in self._read("SELECT instance FROM lasts")}
        if instance not in self._published:
            return None
        row = self._read("SELECT parts FROM lasts WHERE instance = ?", (instance,)).fetchone()
        return None if row is None else self._parts.decode(row[0])

    def set_last(self, instance: str, parts: Parts) -> None:
        if self._published is not None:
            self._published.add(instance)
        self._write("INSERT OR REPLACE INTO lasts VALUES (?, ?)", (instance, self._encode(parts)))

    # --- objects --------------------------------------------------------------------------------

    def objects(self, place: str) -> dict[str, int]:
        """The objects that should be on a place, with their bytes."""
        return dict(self._read("SELECT hash, bytes FROM objects WHERE place = ?", (place,)))

    def has_object(self, loc: Loc) -> bool:
        sql = "SELECT 1 FROM objects WHERE place = ? AND hash = ?"
        return self._read(sql, loc).fetchone() is not None

    def add_object(self, loc: Loc, size: int, owner: str) -> None:
        self._write("INSERT OR REPLACE INTO objects VALUES (?, ?, ?, ?)", (*loc, size, owner))

    def drop_object(self, loc: Loc) -> None:
        self._write("DELETE FROM objects WHERE place = ? AND hash = ?", loc)

    def strays(self, owner: str) -> list[Loc]:
        """The objects that `owner` brought and that nobody keeps."""
        rows = self._read(
            "SELECT place, hash FROM objects o WHERE owner = ? AND NOT EXISTS"
            " (SELECT 1 FROM pins p WHERE p.place = o.place AND p.hash = o.hash) ORDER BY place, hash",
            (owner,),
        )
        return [Loc(*row) for row in rows]

    # --- kept and sent --------------------------------------------------------------------------

    def pinned(self, owner: str) -> set[Loc]:
        """What is kept for `owner`."""
        sql = "SELECT place, hash FROM pins WHERE owner = ?"
        return {Loc(*row) for row in self._read(sql, (owner,))}

    def all_pinned(self) -> frozenset[Loc]:
        """What is kept for anybody."""
        return frozenset(Loc(*row) for row in self._read("SELECT DISTINCT place, hash FROM pins"))

    def pin(self, owner: str, loc: Loc) -> None:
        self._write("INSERT OR IGNORE INTO pins VALUES (?, ?, ?)", (owner, *loc))

    def unpin(self, owner: str, loc: Loc) -> None:
        self._write("DELETE FROM pins WHERE owner = ? AND place = ? AND hash = ?", (owner, *loc))

    def sent(self) -> dict[str, Remote]:
        """What lies at remote paths."""
        rows = self._read("SELECT path, digest, owner, stamp FROM sent")
        return {path: Remote(*rest) for path, *rest in rows}

    def add_sent(self, path: str, remote: Remote) -> None:
        self._write("INSERT OR REPLACE INTO sent VALUES (?, ?, ?, ?)", (path, *remote))

    # --- pinned, and calls of services ------------------------------------------------------------

    def recorded(self, owner: str) -> dict[str, Pinned]:
        """What was pinned for `owner`, by the names of the pins."""
        rows = self._read("SELECT name, body FROM recorded WHERE owner = ?", (owner,))
        return {name: self._pinned.decode(body) for name, body in rows}

    def add_recorded(self, owner: str, name: str, pinned: Pinned) -> None:
        self._write("INSERT OR REPLACE INTO recorded VALUES (?, ?, ?)", (owner, name, self._encode(pinned)))

    def effects(self, owner: str) -> dict[str, str]:
        """The calls of services that began in a run for `owner` that did not end: `begun`, or `ended` if they did."""
        return dict(self._read("SELECT name, state FROM effects WHERE owner = ?", (owner,)))

    def begin_effect(self, owner: str, name: str) -> None:
        """Notes that a call begins. When this returns the note outlives the machine's fall, too."""
        self.commit()
        self._db.execute("PRAGMA synchronous=FULL")
        self._write("INSERT OR REPLACE INTO effects VALUES (?, ?, 'begun')", (owner, name))
        self.commit()
        self._db.execute("PRAGMA synchronous=NORMAL")

    def end_effect(self, owner: str, name: str) -> None:
        self._write("INSERT OR REPLACE INTO effects VALUES (?, ?, 'ended')", (owner, name))

    def drop_effect(self, owner: str, name: str) -> None:
        self._write("DELETE FROM effects WHERE owner = ? AND name = ?", (owner, name))

    def drop_effects(self, owner: str) -> None:
        self._write("DELETE FROM effects WHERE owner = ?", (owner,))

    # --- slices of snapshots ----------------------------------------------------------------------

    def slice(self, path: str, depth: int, stamp: str) -> Stored | None:
        """The content of a source, if it was read before and looks (`stamp`) the same."""
        sql = "SELECT body FROM slices WHERE path = ? AND depth = ? AND stamp = ?"
        row = self._read(sql, (path, depth, stamp)).fetchone()
        return None if row is None else self._stored.decode(row[0])

    def add_slice(self, path: str, depth: int, stamp: str, stored: Stored) -> None:
        values = (path, depth, stamp, self._encode(stored))
        self._write("INSERT OR REPLACE INTO slices VALUES (?, ?, ?, ?)", values)

    # --- processes --------------------------------------------------------------------------------

    def processes(self) -> list[tuple[int, str]]:
        """The processes that were started and not seen to end: id, and start time as the system tells it."""
        return list(self._read("SELECT pid, started FROM processes"))

    def add_process(self, pid: int, started: str) -> None:
        self._write("INSERT OR REPLACE INTO processes VALUES (?, ?)", (pid, started))

    def drop_process(self, pid: int) -> None:
        self._write("DELETE FROM processes WHERE pid = ?", (pid,))

    # --- the machine ------------------------------------------------------------------------------

    def meta(self, name: str) -> str:
        row = self._read("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return "" if row is None else str(row[0])

    def set_meta(self, name: str, value: str) -> None:
        self._write("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

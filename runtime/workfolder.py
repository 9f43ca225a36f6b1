"""The work folder of runs on this machine.

    <work>/lock           held while a run uses the folder
    <work>/journal.db     what happened
    <work>/logs/          the output of stages that failed, or that had something to say
    <work>/code/          the code files of the plan
    <work>/node, volume   the stores of these places, unless the options say otherwise

Place `ram` is a folder on /dev/shm, private to the user and named after the real path of the work folder, so
that a later run finds it again; where there is no /dev/shm it is a folder in the work folder.
"""

from __future__ import annotations

import os
import stat
from fcntl import LOCK_EX, LOCK_NB, flock
from hashlib import sha256

from podpipec_runtime.drivers.leftovers import end_in, end_recorded
from podpipec_runtime.interpreter.values import Loc
from podpipec_runtime.journal.journal import Journal, JournalError
from podpipec_runtime.options import RunOptions
from podpipec_runtime.plan.types import PlaceName, Plan
from podpipec_runtime.store.store import Store
from podpipec_runtime.store.tree import FOLDER
from podpipec_runtime.tuples import NamedTuple

_SHM = "/dev/shm"  # noqa: S108 - the name there is private and checked
_BOOT = "/proc/sys/kernel/random/boot_id"


class Unusable(Exception):  # noqa: N818 - told to the user
    """The work folder can't be used, and why."""


class WorkFolder(NamedTuple):
    """An open work folder. `remote` stands for remote storage; empty if there is none."""

    root: str
    journal: Journal
    stores: dict[PlaceName, Store]
    remote: str
    lock: int

    def close(self) -> None:
        """Everything told so far is kept; another run may use the folder."""
        self.journal.close()
        os.close(self.lock)


def open_work(plan: Plan, options: RunOptions) -> WorkFolder:
    """Locks the folder, and cleans up after a run that died. Raises Unusable."""
    root = os.path.realpath(options.work)
    try:
        for folder in (root, f"{root}/logs", f"{root}/code"):
            os.makedirs(folder, mode=0o700, exist_ok=True)
        lock = _lock(root)
    except OSError as error:
        raise Unusable(f"the work folder {root} can't be used: {error.strerror}") from None
    try:
        journal = Journal(f"{root}/journal.db")
        stores = _stores(plan, options, root)
        _clean(root, journal, stores)
    except (JournalError, Unusable) as error:
        os.close(lock)
        raise Unusable(str(error)) from None
    except OSError as error:
        os.close(lock)
        raise Unusable(f"a place can't be used: {error.filename}: {error.strerror}") from None
    remote = options.places.get("remote", "")
    return WorkFolder(root, journal, stores, os.path.realpath(remote) if remote else "", lock)


def _lock(root: str) -> int:
    fd = os.open(f"{root}/lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        flock(fd, LOCK_EX | LOCK_NB)
    except BlockingIOError:
        holder = os.read(fd, 32).decode("ascii", "replace").strip()
        os.close(fd)
        who = f"another run (process {holder or 'unknown'})"
        raise Unusable(f"{who} is using {root}; wait for it, or choose another folder") from None
    os.ftruncate(fd, 0)
    os.write(fd, b"%d\n" % os.getpid())
    return fd


def _stores(plan: Plan, options: RunOptions, root: str) -> dict[PlaceName, Store]:
    found: dict[PlaceName, Store] = {}
    for place in plan.pod.places:
        given = options.places.get(place.name, "")
        folder = os.path.realpath(given) if given else _usual(place.name, root)
        found[place.name] = Store(place.name, folder)
    folders = [store.root for store in found.values()]
    if len(set(folders)) != len(folders):
        raise Unusable("two places can't be one folder")
    return found


def _usual(place: PlaceName, root: str) -> str:
    if place == "ram" and os.path.isdir(_SHM) and os.access(_SHM, os.W_OK):
        name = sha256(os.fsencode(root)).hexdigest()[:16]
        return _private(f"{_SHM}/podpipec-{os.geteuid()}-{name}")
    return f"{root}/{place}"


def _private(folder: str) -> str:
    """Everybody can write to /dev/shm: a folder that somebody else put there is refused."""
    try:
        os.mkdir(folder, 0o700)
    except FileExistsError:
        info = os.lstat(folder)
        if not stat.S_ISDIR(info.st_mode) or info.st_uid != os.geteuid() or info.st_mode & 0o077:
            raise Unusable(f"{folder} is not a private folder of yours; remove it") from None
    return folder


def _clean(root: str, journal: Journal, stores: dict[PlaceName, Store]) -> None:
    """Ends processes and removes what was being written when a run died."""
    recorded = journal.processes()
    end_recorded(recorded)
    written = [store.tmp for store in stores.values() if os.path.isdir(store.tmp)]
    unfinished = [folder for folder in written if os.listdir(folder)]
    if unfinished:
        end_in(unfinished)
    for pid, _ in recorded:
        journal.drop_process(pid)
    logs = f"{root}/logs"
    for name in os.listdir(logs):
        if name.startswith(".slot-"):  # the output of a command that did not come to its end
            os.unlink(f"{logs}/{name}")
    for store in stores.values():
        store.open()


def stock(work: WorkFolder) -> tuple[dict[Loc, int], list[str]]:
    """What lies on the places and is whole, with its bytes, and warnings about what was not.

    What the journal doesn't know was never published and goes. What it knows and isn't there, or was changed,
    is forgotten. After a restart of the machine `node`, which isn't flushed, is read through once.
    """
    found: dict[Loc, int] = {}
    warnings: list[str] = []
    restarted = _restarted(work.journal)
    for place, store in work.stores.items():
        there = store.inventory()
        known = work.journal.objects(place)
        damaged = 0
        for name, size in known.items():
            loc = Loc(place, name)
            whole = name in there and (name.endswith(FOLDER) or there[name] == size)
            if whole and restarted and not store.flushes:
                whole = store.verify(name)
            if whole:
                found[loc] = size
                continue
            damaged += os.path.lexists(store.path(name))
            work.journal.drop_object(loc)
            store.discard(name)
        if damaged:
            warnings.append(f"{damaged} object(s) on {place} were changed by somebody and are thrown away")
        for name in os.listdir(store.objects):
            if name not in known:
                store.discard(name)
    work.journal.commit()
    return found, warnings


def _restarted(journal: Journal) -> bool:
    """Whether the machine was started anew since the journal was last used."""
    try:
        with open(_BOOT) as boot:
            now = boot.read().strip()
    except OSError:
        return False
    before = journal.meta("boot")
    if before != now:
        journal.set_meta("boot", now)
    return before not in ("", now)

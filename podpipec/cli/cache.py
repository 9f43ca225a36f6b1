"""What is known of a program from before: that it is right, and the plan of its flow.

Compiling is a pure function of the compiler and the program's files, so its outcome can be kept. An entry holds the
texts of all files it came from and is good only while every byte of them, and the compiler, is the same; nothing goes
stale. Only good outcomes are kept. Entries lie in the user's cache folder (XDG base directories), private;
where there is none, or `PODPIPEC_CACHE=off`, nothing is kept and nothing else changes.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from zlib import crc32

import podpipec
import podpipec_grammar
import podpipec_runtime
import podpipec_stdlib

#: Larger programs are not kept: reading them again costs about as much as compiling them.
_LARGEST = 8 * 2**20
#: So many entries, then the oldest go.
_MOST = 200


def recall(path: str, purpose: str) -> bytes | None:
    """What was kept for a program and a purpose, if all that it came from is unchanged."""
    entry = _entry(path, purpose)
    if entry is None:
        return None
    try:
        with open(entry, "rb") as file:
            content = file.read()
        head, _, rest = content.partition(b"\n")
        sizes = head.decode().split("\t")
        files = rest[: int(sizes[0])].decode().split("\0")
        if _texts(purpose, files) == rest[: int(sizes[0]) + int(sizes[1])]:
            return rest[int(sizes[0]) + int(sizes[1]) :]
    except (OSError, ValueError, IndexError):
        return None
    return None


def keep(path: str, purpose: str, files: Iterable[str], outcome: bytes) -> None:
    """Keep an outcome and the files that it came from. What cannot be kept is not."""
    entry = _entry(path, purpose)
    names = list(files)
    if entry is None:
        return
    try:
        texts = _texts(purpose, names)
        if len(texts) + len(outcome) > _LARGEST:
            return
        listing = len("\0".join(names).encode())
        folder = os.path.dirname(entry)
        os.makedirs(folder, mode=0o700, exist_ok=True)
        _make_room(folder)
        temporary = f"{entry}.{os.getpid()}"
        with open(temporary, "wb") as file:
            file.write(f"{listing}\t{len(texts) - listing}\n".encode() + texts + outcome)
        os.replace(temporary, entry)
    except OSError:
        return


def _entry(path: str, purpose: str) -> str | None:
    """Where the entry of a program and a purpose is; entries that share a place push each other out."""
    if os.environ.get("PODPIPEC_CACHE") == "off":
        return None
    home = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    if not os.path.isabs(home):
        return None
    key = f"{os.path.abspath(path)}\0{purpose}".encode()
    return os.path.join(home, "podpipec", f"{crc32(key):08x}{crc32(key[::-1]):08x}")


def _texts(purpose: str, files: list[str]) -> bytes:
    """The names of files, the purpose, what identifies the compiler, and every file's bytes."""
    parts = ["\0".join(files).encode(), f"\n{os.getcwd()}\n{purpose}\n{_compiler()}\n".encode()]
    for name in files:
        with open(name, "rb") as file:
            content = file.read(_LARGEST + 1)
        parts.append(f"{len(content)}\n".encode() + content)
    return b"".join(parts)


def _compiler() -> str:
    """Changes whenever a file of the compiler does: names, sizes and times of all of them."""
    found: list[tuple[str, int, int]] = []
    packages = (podpipec, podpipec_grammar, podpipec_runtime, podpipec_stdlib)
    waiting = [folder for package in packages for folder in package.__path__]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    if entry.name != "__pycache__":
                        waiting.append(entry.path)
                elif entry.name.endswith((".py", ".flow", ".lark")):
                    status = entry.stat()
                    found.append((entry.path, status.st_size, status.st_mtime_ns))
    return f"{podpipec.__version__} {len(found)} {crc32(repr(sorted(found)).encode()):08x}"


def _make_room(folder: str) -> None:
    with os.scandir(folder) as entries:
        kept = sorted((entry.stat().st_mtime_ns, entry.path) for entry in entries)
    for _, path in kept[: max(0, len(kept) - _MOST)]:
        os.unlink(path)

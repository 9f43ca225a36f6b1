"""The store: hashes, sealing, publication of whole values or nothing, links and damage."""

from __future__ import annotations

import os
import stat
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from podpipec_runtime.store.copying import copy_file
from podpipec_runtime.store.store import Damaged, Store
from podpipec_runtime.store.tree import SEALED_NS, NotContent, read_folder, remove


def opened(root: Path, place: str = "node") -> Store:
    store = Store(place, str(root))  # type: ignore[arg-type]  # a place's name
    store.open()
    return store


def written(store: Store, data: bytes) -> str:
    path = store.beside()
    Path(path).write_bytes(data)
    return path


def folder(store: Store, files: dict[str, bytes], executable: tuple[str, ...] = ()) -> str:
    path = store.beside()
    os.mkdir(path)
    for name, data in files.items():
        file = Path(path) / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        if name in executable:
            file.chmod(0o755)
    return path


@pytest.mark.parametrize("place", ["ram", "node", "volume"])
def test_a_file_is_named_by_its_sha256_and_sealed(tmp_path: Path, place: str) -> None:
    store = opened(tmp_path, place)
    stored = store.publish(written(store, b"hello"), "out")
    assert (stored.hash, stored.bytes, stored.name) == (sha256(b"hello").hexdigest(), 5, "out")
    info = os.stat(store.path(stored.hash))
    assert stat.S_IMODE(info.st_mode) == 0o444 and info.st_mtime_ns == SEALED_NS
    assert os.listdir(store.tmp) == []
    again = store.publish(written(store, b"hello"), "out")
    assert again == stored and os.listdir(store.tmp) == []
    for _ in range(2):
        assert store.publish(folder(store, {"x": b"1"}), "out").hash.endswith(".d")
        assert os.listdir(store.tmp) == []


NAMES = st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=8).filter(
    lambda name: name not in (".", "..")
)


@given(st.dictionaries(NAMES, st.binary(max_size=20), max_size=5), st.data())
@settings(max_examples=40, deadline=None, derandomize=True)
def test_a_folder_is_named_by_what_is_in_it(
    tmp_path_factory: pytest.TempPathFactory, files: dict[str, bytes], data: st.DataObject
) -> None:
    store = opened(tmp_path_factory.mktemp("store"))
    first = store.publish(folder(store, files), "out", depth=1)
    other = opened(tmp_path_factory.mktemp("other"))
    same = other.publish(folder(other, dict(reversed(files.items()))), "out", depth=1)
    assert first == same and store.verify(first.hash)
    assert first.elements is not None
    assert [each.name for each in first.elements] == sorted(files, key=os.fsencode)
    assert [each.hash for each in first.elements] == [
        sha256(files[n]).hexdigest() for n in sorted(files, key=os.fsencode)
    ]
    if files:
        name = data.draw(st.sampled_from(sorted(files)))
        changed = store.publish(folder(store, {**files, name: files[name] + b"!"}), "out")
        renamed = store.publish(folder(store, {(n if n != name else n + "~"): d for n, d in files.items()}), "out")
        executable = store.publish(folder(store, files, (name,)), "out")
        assert len({first.hash, changed.hash, renamed.hash, executable.hash}) == 4


def test_folders_in_lists_have_the_hash_that_they_have_alone(tmp_path: Path) -> None:
    store = opened(tmp_path)
    listed = store.publish(folder(store, {"a/x": b"1", "a/y/z": b"2", "a!": b"3", "b/x": b"1"}), "out", depth=1)
    alone = store.publish(folder(store, {"x": b"1", "y/z": b"2"}), "out")
    assert listed.elements is not None
    assert [each.name for each in listed.elements] == ["a", "a!", "b"]
    assert listed.elements[0].hash == alone.hash
    nested = store.publish(folder(store, {"a/x": b"1", "b/x": b"1"}), "out", depth=2)
    assert nested.elements is not None and nested.elements[0].elements is not None
    assert nested.elements[0].elements[0].hash == sha256(b"1").hexdigest()


def test_an_empty_folder_is_not_an_empty_file(tmp_path: Path) -> None:
    store = opened(tmp_path)
    empty = store.publish(folder(store, {}), "out")
    assert empty.hash.endswith(".d") and empty.hash != store.publish(written(store, b""), "out").hash
    manifest = store.publish(written(store, b"podpipec folder 1\0"), "out")
    assert manifest.hash + ".d" == empty.hash and manifest.hash != empty.hash


def test_names_that_are_no_text(tmp_path: Path) -> None:
    store = opened(tmp_path)
    path = folder(store, {})
    Path(os.fsdecode(os.fsencode(path) + b"/\xff")).write_bytes(b"x")
    with pytest.raises(NotContent, match="not valid UTF-8"):
        store.publish(path, "out", depth=1)


def test_a_file_with_another_name_elsewhere_is_copied(tmp_path: Path) -> None:
    store = opened(tmp_path / "store")
    mine = tmp_path / "mine"
    mine.write_text("x")
    path = store.beside()
    os.link(mine, path)
    stored = store.publish(path, "out")
    mine.write_text("y")
    assert Path(store.path(stored.hash)).read_text() == "x"
    assert stat.S_IMODE(mine.stat().st_mode) != 0o444


@pytest.mark.parametrize("files", [{"": b"data"}, {"x": b"1", "y/z": b"2"}])
def test_another_store_takes_over_by_link(tmp_path: Path, files: dict[str, bytes]) -> None:
    one, other = opened(tmp_path / "one"), opened(tmp_path / "other", "volume")
    path = folder(one, files) if "" not in files else written(one, files[""])
    stored = one.publish(path, "out")
    other.adopt(one.path(stored.hash), stored.hash)
    assert other.verify(stored.hash)
    name = "" if "" in files else "y/z"
    assert os.stat(one.path(stored.hash, name)).st_ino == os.stat(other.path(stored.hash, name)).st_ino
    assert other.inventory().keys() == {stored.hash}
    one.discard(stored.hash)
    assert one.inventory() == {} and other.verify(stored.hash)


def test_what_is_damaged_is_not_taken_over(tmp_path: Path) -> None:
    one, other = opened(tmp_path / "one"), opened(tmp_path / "other")
    for path in (written(one, b"data"), folder(one, {"x": b"1"})):
        stored = one.publish(path, "out")
        victim = one.path(stored.hash, "x" if stored.hash.endswith(".d") else "")
        os.chmod(victim, 0o644)
        Path(victim).write_bytes(b"evil")
        assert one.changed(stored.hash) and not one.verify(stored.hash)
        with pytest.raises(Damaged):
            other.adopt(one.path(stored.hash), stored.hash)
    assert other.inventory() == {} and os.listdir(other.tmp) == []


def test_the_inventory_leaves_out_what_is_not_sealed(tmp_path: Path) -> None:
    store = opened(tmp_path)
    stored = store.publish(written(store, b"x"), "out")
    (Path(store.objects) / "stray").write_text("x")
    assert store.inventory() == {stored.hash: 1}


def test_removal_needs_no_rights_on_what_is_removed(tmp_path: Path) -> None:
    store = opened(tmp_path)
    stored = store.publish(folder(store, {"a/b/c": b"1", "d": b"2"}), "out")
    store.discard(stored.hash)
    store.discard(stored.hash)
    assert store.inventory() == {} and os.listdir(store.tmp) == []
    remove(str(tmp_path / "nothing"))


def test_a_deep_folder(tmp_path: Path) -> None:
    store = opened(tmp_path)
    path = folder(store, {"/".join(["d"] * 400): b"x"})
    stored = store.publish(path, "out")
    assert store.verify(stored.hash) and len(read_folder(store.path(stored.hash))) == 400


def test_no_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "target").write_text("x")
    (tmp_path / "link").symlink_to(tmp_path / "target")
    with pytest.raises(NotContent, match="is a link"):
        copy_file(str(tmp_path / "link"), str(tmp_path / "copy"))

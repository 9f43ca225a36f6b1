"""What of a declaration's block a reader must know: its bounds, and what holds where nothing is said."""

from __future__ import annotations

from collections.abc import Iterator

from podpipec.document.markdown import code
from podpipec.format.fragments import quoted
from podpipec.syntax import tree
from podpipec.types.declarations import Helper, Stage
from podpipec.types.units import size_text

#: A line of a table: what, how much, and what is to be said about it.
Line = tuple[str, str, str]

_MEANT = {
    "from": "where it lies",
    "window": "how long a slice is",
    "zone": "time zone",
    "days": "days that there are",
    "except": "days that are left out",
    "shards": "its parts",
    "slots": "stages active at once",
    "cpu": "cores",
    "memory": "memory",
    "ram": "scratch in memory",
    "node": "the node's disk, outlives the pod",
    "volume": "network storage, outlives the node",
    "image": "what it runs in",
    "retry": "further attempts",
    "timeout": "longest time of one attempt",
    "port": "where it listens",
    "size": "largest size",
    "url": "how it is called",
    "calls": "what it gives is unstable until it is pinned",
    "secret": "comes as an environment variable",
    "idempotent": "may call again for the same inputs",
}


def lines(node: tree.Snapshot | tree.Calendar | tree.Pod | tree.Service) -> Iterator[Line]:
    """The settings of a snapshot, a pod or a service, in the order in which they are written."""
    sharded = any(setting.word.text == "shards" for setting in node.settings)
    for setting in node.settings:
        meant = _MEANT.get(setting.word.text, "")
        yield (
            setting.word.text,
            _value(setting),
            f"{meant} of a shard" if meant == _MEANT["size"] and sharded else meant,
        )


def stage_lines(node: tree.Stage, typed: Stage | None) -> Iterator[Line]:
    """What a stage takes and may write; `typed` knows what holds where nothing is said."""
    bounds = {setting.target.text: setting for setting in node.settings if setting.target is not None}
    yield from _container(node, typed, ("image", "cpu", "memory", "retry", "timeout"))
    for output in node.outputs:
        name = output.name.text
        if name in bounds:
            yield f"size {name}", _value(bounds[name]), _MEANT["size"]
        else:
            yield f"size {name}", "all inputs together", f"{_MEANT['size']}, as nothing is said"


def helper_lines(node: tree.Helper, typed: Helper | None) -> Iterator[Line]:
    """What a helper takes, and where it listens."""
    yield from _container(node, typed, ("image", "cpu", "memory", "port"))


def _container(node: tree.Stage | tree.Helper, typed: Stage | Helper | None, words: tuple[str, ...]) -> Iterator[Line]:
    """What runs where, with how much, and what it is told."""
    written = {setting.word.text: setting for setting in node.settings if setting.target is None}
    for word in words:
        if word in written:
            yield word, _value(written[word]), _MEANT[word]
        elif typed is not None and word in ("cpu", "memory"):
            value = f"{typed.cpu / 1000:g}" if word == "cpu" else size_text(typed.memory)
            yield word, code(value), f"{_MEANT[word]}, as nothing is said"
    for setting in node.settings:
        if setting.word.text in ("calls", "secret", "idempotent"):
            yield setting.word.text, " ".join(code(flag.text) for flag in setting.flags), _MEANT[setting.word.text]


def _value(setting: tree.Setting) -> str:
    values = [code(quoted(value)) for value in setting.values]
    return " ".join(
        [*values[:1], *(f"class {value}" for value in values[1:]), *(_flag(setting, flag) for flag in setting.flags)]
    )


def _flag(setting: tree.Setting, flag: tree.Name) -> str:
    return f"of {code(flag.text)}" if setting.word.text == "window" else flag.text

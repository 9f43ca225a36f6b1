"""Manifests as YAML text: the same bytes on every machine, with or without libyaml.

Two habits of YAML readers are met here, so that no manifest's author has to know them. Kubernetes reads
more plain words as numbers or truth values than PyYAML does (`1e3`, `12345e6`, `y`), so every text that
does not begin like a word is quoted. And a text of several lines becomes a literal block, which a person
can read; characters that libyaml would rather escape must not be in it
(`podpipec.targets.kubernetes.plan_map` sees to that for plans).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import yaml

from podpipec.targets.manifest import Manifest

HEADER = (
    "# Written by podpipec; build again instead of editing.\n"
    "# kubectl apply --server-side -f FILE (a plan is often too long for kubectl's own apply)\n"
)

_PLAIN = re.compile(r"[A-Za-z/][A-Za-z0-9/._:@ -]*")
_NOT_TEXT = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null"))

#: Wider than any line: nothing is folded, so a long command stays one line.
_WIDTH = 1 << 30

_Base: type[yaml.CSafeDumper] | type[yaml.SafeDumper] = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def dump(manifests: Iterable[Manifest]) -> str:
    """All manifests as one stream of YAML documents, in their order, under a comment."""
    return dump_with(_Base, manifests)


def dump_with(base: type[yaml.CSafeDumper] | type[yaml.SafeDumper], manifests: Iterable[Manifest]) -> str:
    """As `dump`, by the given dumper of PyYAML."""
    dumper = _dumper(base)
    documents = (
        yaml.dump(
            manifest.body,
            Dumper=dumper,
            sort_keys=False,
            allow_unicode=True,
            default_flow_style=False,
            width=_WIDTH,
        )
        for manifest in manifests
    )
    return HEADER + "".join(f"---\n{document}" for document in documents)


def _dumper(base: type[yaml.CSafeDumper] | type[yaml.SafeDumper]) -> type[yaml.SafeDumper]:
    class ManifestDumper(base):  # type: ignore[misc, valid-type]  # the base is known when it runs
        def ignore_aliases(self, data: object) -> bool:
            return True

    ManifestDumper.add_representer(str, _text)
    return ManifestDumper


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    if "\n" in value:
        style = "|"
    elif _PLAIN.fullmatch(value) and value.lower() not in _NOT_TEXT:
        style = ""
    else:
        style = "'"
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)

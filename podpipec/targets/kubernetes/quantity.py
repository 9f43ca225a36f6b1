"""Amounts as Kubernetes writes them."""

from __future__ import annotations

_SUFFIXES = ("Ti", 1 << 40), ("Gi", 1 << 30), ("Mi", 1 << 20), ("Ki", 1 << 10)


def cpu(thousandths: int) -> str:
    """Thousandths of a core: `4000` is `4`, `1500` is `1500m`."""
    whole, rest = divmod(thousandths, 1000)
    return f"{thousandths}m" if rest else str(whole)


def size(count: int) -> str:
    """Bytes, exactly, with the largest binary suffix that divides them: `6442450944` is `6Gi`."""
    for suffix, unit in _SUFFIXES:
        if count and count % unit == 0:
            return f"{count // unit}{suffix}"
    return str(count)

"""Units of size, and bytes as a person writes them."""

from __future__ import annotations

KIB = 1024

#: Bytes in each unit of size, as IEC 80000-13 and SI define them.
SIZES: dict[str, int] = {
    "B": 1,
    "KiB": KIB,
    "MiB": KIB**2,
    "GiB": KIB**3,
    "TiB": KIB**4,
    "PiB": KIB**5,
    "KB": 10**3,
    "MB": 10**6,
    "GB": 10**9,
    "TB": 10**12,
    "PB": 10**15,
}


def size_text(count: int) -> str:
    """Bytes in the largest binary unit that leaves a short number, rounded up: `6GiB`, `1.5MiB`, `700B`."""
    if count >= 2**60:
        return "1EiB" if count == 2**60 else "more than 1EiB"
    for unit in ("PiB", "TiB", "GiB", "MiB", "KiB"):
        if abs(count) >= SIZES[unit]:
            scale = 10 ** (4 - len(str(abs(count) // SIZES[unit])))
            return f"{-(-count * scale // SIZES[unit]) / scale:g}{unit}"
    return f"{count}B"

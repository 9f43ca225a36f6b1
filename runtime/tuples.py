"""Named tuples that cost little to make.

To a type checker `NamedTuple` is the one of `typing`, and what it makes is used, compared, matched and shown like
those. It is not the one of the standard library because that one compiles the annotation of each field and a
constructor for each kind when the program starts: with 170 kinds, 15 ms of the 60 that a small check takes. Here the
constructor is made when the first value is. Tables of fields are the source of the speed of `collections.namedtuple`
too: see `Lib/collections/__init__.py` of CPython.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Self

__all__ = ["NamedTuple"]

if TYPE_CHECKING:
    from typing import NamedTuple
else:
    try:
        from _collections import _tuplegetter as _getter
    except ImportError:  # not CPython

        def _getter(index: int, doc: str) -> property:
            return property(itemgetter(index), doc=doc)

    class _Values(tuple):
        """What all of them have."""

        __slots__ = ()
        _fields: tuple[str, ...] = ()
        _field_defaults: dict[str, object] = {}  # noqa: RUF012 - annotated for readers; each kind has its own

        def __new__(cls, *values: object, **named: object) -> Self:
            cls.__new__ = staticmethod(_constructor(cls._fields, cls._field_defaults))
            return cls.__new__(cls, *values, **named)

        @classmethod
        def _make(cls, values: Iterable[object]) -> Self:
            return tuple.__new__(cls, values)

        def _replace(self, /, **named: object) -> Self:
            made = self._make(map(named.pop, self._fields, self))
            if named:
                raise TypeError(f"{type(self).__name__} has no field {', '.join(named)}")
            return made

        def _asdict(self) -> dict[str, object]:
            return dict(zip(self._fields, self, strict=True))

        def __repr__(self) -> str:
            fields = zip(self._fields, self, strict=True)
            return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in fields)})"

        def __getnewargs__(self) -> tuple[object, ...]:
            return tuple(self)

    def _constructor(fields: tuple[str, ...], defaults: dict[str, object]) -> Callable[..., Any]:
        """`__new__` for these fields, as one would write it."""
        space = {"_made": tuple.__new__}  # no field begins with a line
        asked, given = "".join(f", {field}" for field in fields), "".join(f"{field}," for field in fields)
        line = f"lambda _cls{asked}: _made(_cls, ({given}))"
        constructor = eval(line, space)  # noqa: S307 - names of our own classes' fields
        constructor.__defaults__ = tuple(defaults.values())
        return constructor

    class _Kind(type):
        """Gives each kind its fields."""

        def __new__(cls, name: str, bases: tuple[type, ...], space: dict[str, Any]) -> type:
            if not bases:
                return super().__new__(cls, name, bases, space)
            fields = tuple(space.get("__annotations__", ()))
            defaults = {field: space[field] for field in fields if field in space}
            getters = {field: _getter(at, "") for at, field in enumerate(fields)}
            own = {"__slots__": (), "__match_args__": fields, "_fields": fields, "_field_defaults": defaults, **getters}
            return type(name, (_Values, *bases[1:]), {**space, **own})

    class NamedTuple(metaclass=_Kind):
        """The base to write: `class Point(NamedTuple): x: int`."""

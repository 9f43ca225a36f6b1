"""Following `use`: from the program's file to all the files that it is made of."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping

from podpipec.diagnostics import Diagnostic, error
from podpipec.source import Source, Span
from podpipec.syntax import parse
from podpipec.syntax.tree import Helper, Module, Name, Setting, Stage, String, Use
from podpipec_runtime.tuples import NamedTuple

#: The first word of a `use` that names the standard library, and the folder in which its files then lie.
STANDARD = "std"

#: A code file is source that travels in the plan, not data.
LARGEST_CODE = 256 * 1024


class Unreadable(NamedTuple):
    """Why a file cannot be read, for a person."""

    reason: str


#: Reads a file by the path that the program gives it: its bytes, or why not.
Reader = Callable[[str], bytes | Unreadable]


class Loaded(NamedTuple):
    """One file: its text, its tree, and for each `use` the path of the file it names."""

    source: Source
    module: Module
    uses: Mapping[Name, str]
    broken: tuple[Span, ...]  # where its syntax is broken: what stands there may be missing


class Program(NamedTuple):
    """All files of a program by path, the first one's path, and the code files that stages name."""

    entry: str
    files: Mapping[str, Loaded]
    code: Mapping[str, str]


def load(entry: str, read: Reader) -> tuple[Program, tuple[Diagnostic, ...]]:
    """Read and parse a program's file and all that it uses, each once."""
    found: list[Diagnostic] = []
    files: dict[str, Loaded] = {}
    code: dict[str, str] = {}
    waiting: list[tuple[str, Span | None]] = [(entry, None)]
    while waiting:
        path, asked_at = waiting.pop(0)
        if path in files:
            continue
        text = _text(path, read(path), asked_at, found)
        if text is None:
            continue
        loaded = _parse(path, text, found)
        files[path] = loaded
        waiting += [(target, name.span) for name, target in loaded.uses.items()]
        for target, span in _code_files(path, loaded.module):
            content = code.get(target) or _code(target, read(target), span, found)
            if content is not None:
                code[target] = content
    program = Program(entry, files, code)
    found += _circular(program)
    return program, tuple(found)


def _parse(path: str, text: str, found: list[Diagnostic]) -> Loaded:
    source = Source(path, text)
    parsed = parse(source)
    found += parsed.diagnostics
    uses = {use.module[0]: _target(path, use) for use in parsed.module.declarations if isinstance(use, Use)}
    return Loaded(source, parsed.module, uses, tuple(diagnostic.span for diagnostic in parsed.diagnostics))


def _target(path: str, use: Use) -> str:
    """The path that a `use` names: below the standard library, or beside the file that says it."""
    words = [name.text for name in use.module]
    if words[0] == STANDARD:
        return "/".join(words) + ".flow"
    return beside(path, "/".join(words) + ".flow")


def beside(path: str, other: str) -> str:
    """A path that a file names, seen from where the program is seen."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), other))


def _code_files(path: str, module: Module) -> Iterator[tuple[str, Span]]:
    for stage in module.declarations:
        for setting in stage.settings if isinstance(stage, Stage | Helper) else ():
            written = code_path(setting)
            if written is not None:
                yield beside(path, written), setting.values[0].span


def code_path(setting: Setting) -> str | None:
    """The path in a `code` setting, if it is one plain string."""
    value = setting.values[0] if setting.word.text == "code" and setting.values else None
    if isinstance(value, String) and len(value.parts) == 1 and isinstance(value.parts[0], str):
        return value.parts[0]
    return None


def _text(path: str, content: bytes | Unreadable, asked_at: Span | None, found: list[Diagnostic]) -> str | None:
    """A program file's text; what is no text is a diagnostic where it was asked for."""
    at = asked_at or Span(path, 0, 0)
    if isinstance(content, Unreadable):
        found.append(error("N006", f"cannot read `{path}`: {content.reason}", at, "named here" if asked_at else ""))
        return None
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as problem:
        line = content[: problem.start].count(b"\n") + 1
        found.append(
            error(
                "P008",
                f"`{path}` is not text: byte {problem.start} (line {line}) is not UTF-8",
                at,
                help="save it as UTF-8",
            )
        )
        return None
    if "\0" in text:
        found.append(error("P008", f"`{path}` is not text: there is a zero byte at {text.index(chr(0))}", at))
        return None
    return text.removeprefix("\ufeff")


def _code(path: str, content: bytes | Unreadable, at: Span, found: list[Diagnostic]) -> str | None:
    if isinstance(content, Unreadable):
        found.append(error("N006", f"cannot read the code file `{path}`: {content.reason}", at, "named here"))
        return None
    if len(content) > LARGEST_CODE:
        found.append(
            error(
                "N006",
                f"the code file `{path}` has {len(content)} bytes, more than {LARGEST_CODE}",
                at,
                "named here",
                help="put what is larger into the stage's image",
            )
        )
        return None
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        found.append(
            error("N006", f"the code file `{path}` is not UTF-8 text", at, help="put it into the stage's image")
        )
        return None


def _circular(program: Program) -> Iterator[Diagnostic]:
    """Files that use each other in a circle, once for each circle, with the whole way round."""
    done: set[str] = set()
    for start in program.files:
        if start in done:
            continue
        path: list[str] = []
        stack: list[tuple[str, Iterator[tuple[Name, str]]]] = [(start, iter(program.files[start].uses.items()))]
        path.append(start)
        while stack:
            step = next(stack[-1][1], None)
            if step is None:
                stack.pop()
                done.add(path.pop())
                continue
            name, target = step
            if target in path:
                way = [*path[path.index(target) :], target]
                yield error(
                    "N007",
                    "files use each other in a circle",
                    name.span,
                    "this closes the circle",
                    note=" → ".join(f"`{file}`" for file in way),
                    help="move what both need into a file of its own",
                )
            elif target in program.files and target not in done:
                path.append(target)
                stack.append((target, iter(program.files[target].uses.items())))

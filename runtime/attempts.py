"""Attempts: one start of a call's command, from the folders that it gets to the publication of its outputs.

<place>/tmp/<number>/<output>     where an output is written; no other attempt is ever given this folder
<place>/tmp/slot-<n>              the folder that the command starts in (`bench`)
"""

from __future__ import annotations

import contextlib
import os
import stat
import time
from collections.abc import Mapping
from hashlib import sha256

from msgspec.structs import replace

from podpipec_runtime.bench import Bench
from podpipec_runtime.captured import NotCaptured, read_text
from podpipec_runtime.drivers.command import code_name, shown, sources, words
from podpipec_runtime.drivers.leftovers import clock
from podpipec_runtime.drivers.process import Exit, NotStarted, ProcessDriver
from podpipec_runtime.drivers.programs import find, missing
from podpipec_runtime.drivers.report import last_lines, status_text
from podpipec_runtime.folders import Folders
from podpipec_runtime.interpreter.commands import Source, Start
from podpipec_runtime.interpreter.events import Failed, Failure, FailureKind, Published, Vanished
from podpipec_runtime.interpreter.values import Loc, Record, Stored
from podpipec_runtime.outcome import StageReport
from podpipec_runtime.owned import Handed, bring, handed, places_of
from podpipec_runtime.plan.scalars import captured, captured_names
from podpipec_runtime.plan.types import Call, Output, PlaceName, Stage
from podpipec_runtime.secrets import HIDDEN, Secrets
from podpipec_runtime.space import full, told
from podpipec_runtime.store.tree import NotContent, remove, walk
from podpipec_runtime.tuples import NamedTuple
from podpipec_runtime.workfolder import WorkFolder

#: What a stage is given of the environment, besides LC_*, TZ (UTC) and TMPDIR (its scratch folder).
USUAL = ("PATH", "HOME", "USER", "LANG")


class Attempt(NamedTuple):
    """A command that was started. `folders` are its attempt folders, `log` its output."""

    start: Start
    stage: Stage
    element: tuple[str, ...]
    command: list[str]
    folders: dict[PlaceName, str]
    outputs: dict[str, str]
    log: str
    began: float
    own: tuple[Handed, ...] = ()  # what it consumes


class _Unpublishable(Exception):  # noqa: N818 - turned into a Failure
    def __init__(self, message: str, kind: FailureKind = "stage", *, again: bool = False) -> None:
        super().__init__(message)
        self.failure = Failure(kind, message, again)


class Attempts:
    """Starts calls and publishes what they wrote. `reports` tells how failures came about."""

    def __init__(
        self, work: WorkFolder, driver: ProcessDriver, env: Mapping[str, str], secrets: Secrets, owner: str
    ) -> None:
        self._work = work
        self._driver = driver
        self._env = env
        self._secrets = secrets
        self._owner = owner
        self._folders = Folders()
        self._programs: dict[str, str | None] = {}
        self._code: dict[str, str] = {}
        self._benches: dict[int, Bench] = {}
        self.running: dict[int, Attempt] = {}
        self.reports: dict[Failure, StageReport] = {}

    def begin(self, start: Start, stage: Stage, element: tuple[str, ...]) -> Vanished | Failed | None:
        """Starts a call's command. Gives an event if it could not be started."""
        for source in sources(start.args):
            if not os.path.lexists(self._path(source)):
                self._work.journal.drop_object(source.loc)
                return Vanished(source.loc, start.instance)
        attempt = self._prepare(start, stage, element)
        try:
            return self._spawn(attempt)
        except OSError as error:
            place = next(iter(attempt.folders or self._work.stores))
            message = told(error, place, self._work.stores[place].root)
            return self._failed(attempt, Failure("data", message), "")

    def _prepare(self, start: Start, stage: Stage, element: tuple[str, ...]) -> Attempt:
        """The paths and the command of an attempt."""
        stores = self._work.stores
        places = [output.place for output in start.call.outputs]
        places += [place for place in places_of(start) if place not in places]
        texts = captured_names(stage)
        if texts and not places:
            places = [next(iter(stores))]
        folders = {place: self._folders.name(stores[place].tmp) for place in places}
        outputs = {output.name: f"{folders[output.place]}/{output.name}" for output in start.call.outputs}
        outputs.update({name: f"{folders[places[0]]}/{name}" for name in texts})
        args, own = handed(start, folders)
        command = words(stage, dict(args), outputs, self._code_path(stage), self._path)
        log = f"{self._work.root}/logs/{_log_name(start.instance.step, element)}.log"
        return Attempt(start, stage, element, command, folders, outputs, log, time.monotonic(), own)

    def _spawn(self, attempt: Attempt) -> Failed | None:
        for folder in attempt.folders.values():
            self._folders.make(folder)
        bench = self._bench(attempt.start.slot)
        command = attempt.command
        program = self._program(command[0])
        if program is None:
            return self._failed(attempt, Failure("stage", missing(command[0], self._env)), "")
        out = bench.prepare(self._secrets.words(attempt.stage), HIDDEN)
        env = {**self._env, "TMPDIR": bench.scratch, **self._secrets.variables(attempt.stage)}
        self._hand_over(attempt)
        began, effect = clock(), attempt.start.effect
        if effect:
            self._work.journal.begin_effect(self._owner, effect)
        try:
            pid = self._driver.start([program, *command[1:]], env, bench.scratch, out, attempt.stage.timeout)
        except NotStarted as error:
            bench.keep_log(attempt.log)
            if effect:
                self._work.journal.drop_effect(self._owner, effect)
            return self._failed(attempt, Failure("stage", str(error)), "")
        bench.begun()
        self.running[pid] = attempt
        self._work.journal.add_process(pid, began)
        return None

    def _hand_over(self, attempt: Attempt) -> None:
        """Brings what a call consumes into its folders; what it takes is on its place no more."""
        for each in attempt.own:
            os.makedirs(os.path.dirname(each.path), 0o700, exist_ok=True)
            bring(each, self._work.stores[each.source.loc.place])
            if each.takes:
                self._work.journal.drop_object(each.source.loc)

    def _bench(self, slot: int) -> Bench:
        if slot not in self._benches:
            tmp = next(iter(self._work.stores.values())).tmp
            self._benches[slot] = Bench(tmp, f"{self._work.root}/logs", slot)
        return self._benches[slot]

    def close(self) -> None:
        """Takes away what slots and attempts worked in."""
        self._folders.close()
        for bench in self._benches.values():
            with contextlib.suppress(OSError):
                bench.close()

    def finish(self, exit_: Exit, *, stopping: bool) -> tuple[Attempt, Published | Failed]:
        """Publishes what an ended command wrote, or says why not."""
        attempt = self.running.pop(exit_.pid)
        self._work.journal.drop_process(exit_.pid)
        bench = self._bench(attempt.start.slot)
        bench.tidy()
        status = status_text(exit_.status)
        try:
            self._keep_log(bench, attempt)
            self._check_exit(attempt, exit_, status, stopping)
            self._check_inputs(attempt)
            record = self._publish(attempt)
        except _Unpublishable as error:
            return attempt, self._failed(attempt, error.failure, status)
        for folder in attempt.folders.values():
            self._folders.over(folder)
        return attempt, Published(attempt.start.instance, record)

    def _keep_log(self, bench: Bench, attempt: Attempt) -> None:
        try:
            bench.keep_log(attempt.log)
        except OSError as error:
            raise _Unpublishable(f"what it printed could not be written to its log: {error.strerror}", "data") from None

    def _check_exit(self, attempt: Attempt, exit_: Exit, status: str, stopping: bool) -> None:
        if exit_.status == 0 and not exit_.overran:
            return
        if stopping:
            raise _Unpublishable(f"ended with the run ({status})", "interrupted")
        if exit_.overran:
            raise _Unpublishable(f"took longer than its timeout of {attempt.stage.timeout} s", again=True)
        stores = self._work.stores
        crowded = [text for place in attempt.folders if (text := full(place, stores[place].root))]
        raise _Unpublishable("; ".join([status, *crowded]), again=True)

    def _check_inputs(self, attempt: Attempt) -> None:
        """Inputs are read-only; who writes to them nevertheless has spoilt them for everybody."""
        seen: set[Loc] = set()
        read = tuple((name, value) for name, value in attempt.start.args if name not in attempt.start.call.consumes)
        for source in sources(read):
            if source.loc in seen:
                continue
            seen.add(source.loc)
            store = self._work.stores[source.loc.place]
            if store.changed(source.loc.object):
                store.discard(source.loc.object)
                self._work.journal.drop_object(source.loc)
                names = [name for name, value in attempt.start.args if source in sources(((name, value),))]
                raise _Unpublishable(f"its input `{names[0]}` was written to while it ran; it is thrown away")

    def _publish(self, attempt: Attempt) -> Record:
        """Makes all outputs objects, then writes the one record that publishes them together."""
        start, journal = attempt.start, self._work.journal
        ports = {port.name: port.content for port in attempt.stage.outputs}
        texts = self._captured(attempt)
        stored: dict[str, Stored] = {}
        try:
            for output in start.call.outputs:
                stored[output.name] = self._output(attempt, output, ports[output.name])
        except _Unpublishable:
            self._take_back(start.call, stored)
            raise
        record = Record(tuple(stored.values()), texts)
        for output in start.call.outputs:
            each = stored[output.name]
            journal.add_object(Loc(output.place, each.hash), each.bytes, self._owner)
        if start.note is not None:
            journal.add_record(*start.note)
        if start.effect:
            journal.end_effect(self._owner, start.effect)
        if not attempt.stage.calls:
            journal.add_record(start.key, record)
        if not start.at:
            journal.set_last(self.instance_key(start.instance.step, attempt.element), start.parts)
        return record

    def _captured(self, attempt: Attempt) -> tuple[str, ...]:
        """The texts of the outputs that are scalars."""
        found: list[str] = []
        for port in captured(attempt.stage):
            try:
                found.append(read_text(attempt.outputs[port.name], port.content))
            except NotCaptured as error:
                raise _Unpublishable(f"output `{port.name}`: {error}", again=True) from None
            os.unlink(attempt.outputs[port.name])
        return tuple(found)

    def _take_back(self, call: Call, stored: dict[str, Stored]) -> None:
        """Without all of its outputs a call has published none; what others published as well stays."""
        for output in call.outputs:
            each = stored.get(output.name)
            if each is not None and not self._work.journal.has_object(Loc(output.place, each.hash)):
                self._work.stores[output.place].discard(each.hash)

    def _output(self, attempt: Attempt, output: Output, content: str) -> Stored:
        path, store = attempt.outputs[output.name], self._work.stores[output.place]
        try:
            size = _size(path)
            if size > output.bytes:
                raise _Unpublishable(
                    f"output `{output.name}`: promised at most {output.bytes:,} bytes, wrote {size:,}; "
                    "raise its `size`",
                    "data",
                )
            return store.publish(path, output.name, content.count("[]"))
        except FileNotFoundError:
            message = f"ended well but did not write its output `{output.name}`"
            raise _Unpublishable(message, again=True) from None
        except NotContent as error:
            raise _Unpublishable(f"output `{output.name}`: {error}") from None
        except OSError as error:
            raise _Unpublishable(told(error, output.place, store.root), "data") from None

    def _failed(self, attempt: Attempt, failure: Failure, status: str) -> Failed:
        for folder in attempt.folders.values():  # what it wrote may be large, and in the way of the next attempt
            remove(folder)
        start = attempt.start
        log = attempt.log if status and os.path.exists(attempt.log) else ""
        message = self._secrets.hidden(failure.message, attempt.stage)
        failure = replace(failure, message=message, instance=start.instance)
        self.reports[failure] = StageReport(
            step=start.instance.step,
            element=attempt.element,
            stage=attempt.stage.name,
            command=shown(attempt.command),
            status=status,
            output=last_lines(log),
            log=log,
        )
        return Failed(start.instance, failure)

    def sweep(self) -> None:
        """Takes away what attempts that are over have left."""
        self._folders.sweep()

    def instance_key(self, step: str, element: tuple[str, ...]) -> str:
        """Under what the journal remembers what a step's key was made of."""
        return "\n".join((self._owner, step, *element))

    def _path(self, source: Source) -> str:
        return self._work.stores[source.loc.place].path(source.loc.object, source.inner)

    def _program(self, name: str) -> str | None:
        if name not in self._programs:
            self._programs[name] = find(name, self._env)
        return self._programs[name]

    def _code_path(self, stage: Stage) -> str:
        """The stage's code as a file, written once a run under its own name."""
        if stage.code is None:
            return ""
        if stage.name not in self._code:
            folder = f"{self._work.root}/code/{stage.name}"
            remove(folder)
            os.mkdir(folder, 0o700)
            path = f"{folder}/{code_name(stage.code)}"
            with open(path, "w", encoding="utf-8", newline="") as file:
                file.write(stage.code.text)
            os.chmod(path, 0o400)
            self._code[stage.name] = path
        return self._code[stage.name]


def environment(names: tuple[str, ...], ours: Mapping[str, str]) -> dict[str, str]:
    """What stages get of our environment."""
    return {
        **{name: value for name, value in ours.items() if name in USUAL or name.startswith("LC_")},
        "TZ": "UTC",
        **{name: ours[name] for name in names if name in ours},
    }


def _size(path: str) -> int:
    info = os.lstat(path)
    if not stat.S_ISDIR(info.st_mode):
        return info.st_size
    return sum(each.st_size for _, each in walk(path) if not stat.S_ISDIR(each.st_mode))


def _log_name(step: str, element: tuple[str, ...]) -> str:
    """A file name for a step: readable, and of bounded length."""
    text = ".".join((step, *element))
    plain = "".join(char if char.isalnum() or char in "-_." else "_" for char in text)
    if plain == text and len(os.fsencode(plain)) <= 100:
        return plain
    return f"{plain[:60]}-{sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"

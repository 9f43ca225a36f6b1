"""Does what the interpreter asks, on a work folder: the hands of the engine.

Whatever is told to a listener is told after the journal has it (`flush`), and nothing is deleted before the
record that made it superfluous is written.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from podpipec_runtime import progress
from podpipec_runtime.attempts import Attempts
from podpipec_runtime.drivers.command import sources
from podpipec_runtime.drivers.process import Exit, ProcessDriver
from podpipec_runtime.interpreter.commands import (
    Argument,
    Choose,
    Command,
    Copy,
    Done,
    FallBack,
    Finish,
    Forget,
    Free,
    Note,
    Pull,
    Remember,
    Retain,
    Reuse,
    Send,
    Source,
    Spare,
    Start,
    Stop,
)
from podpipec_runtime.interpreter.events import Arrived, Broken, Event, Failed, Failure, Sent, Vanished
from podpipec_runtime.interpreter.values import Instance, Loc, Record
from podpipec_runtime.journal.journal import Remote
from podpipec_runtime.options import RunOptions
from podpipec_runtime.outcome import RunFailure
from podpipec_runtime.plan.scalars import captured_names
from podpipec_runtime.plan.types import Stage
from podpipec_runtime.reasons import DONE, SPARED, reason, reused
from podpipec_runtime.snapshots.bind import Slice, Unbound
from podpipec_runtime.snapshots.pull import pull
from podpipec_runtime.space import told
from podpipec_runtime.store.remote import RemoteError, remote_path, send, stamp
from podpipec_runtime.store.store import Damaged
from podpipec_runtime.workfolder import WorkFolder

Listen = Callable[[progress.Progress], None]
Label = Callable[[Instance], tuple[str, ...]]


class UnheardError(Exception):
    """The listener raised something, which is its cause; nothing is the matter with the run itself."""


class Executor:
    """Executes commands and queues the events that answer them in `events`."""

    def __init__(
        self,
        work: WorkFolder,
        driver: ProcessDriver,
        attempts: Attempts,
        slices: tuple[Slice, ...],
        stages: dict[str, Stage],
        options: RunOptions,
        owner: str,
        listen: Listen,
    ) -> None:
        self.work = work
        self.driver = driver
        self.attempts = attempts
        self.events: deque[Event] = deque()
        self.label: Label = lambda _: ()
        self.finished = ""
        self.stopping = False
        self.ran = self.reused = self.restored = 0
        self.pins: set[Loc] = set()
        self._slices = {(each.input.name, each.number): each for each in slices}
        self._stages = stages
        self._options = options
        self._owner = owner
        self._listen = listen
        self._told: list[progress.Progress] = []
        self._seen: set[Instance] = set()
        self._sent: dict[str, str] = {}

    def tell(self, event: progress.Progress) -> None:
        """Queues `event` for the listener."""
        self._told.append(event)

    def flush(self) -> None:
        """Makes what was written last, tidies up, then tells what was queued."""
        self.work.journal.commit()
        self.attempts.sweep()
        told_now, self._told = self._told, []
        try:
            for event in told_now:
                self._listen(event)
        except Exception as error:
            raise UnheardError from error

    def do(self, commands: tuple[Command, ...]) -> None:
        """Executes `commands` in order."""
        committed = False
        for command in commands:
            if not committed and isinstance(command, Free):
                self.work.journal.commit()
                committed = True
            self._do(command)

    def _do(self, command: Command) -> None:
        match command:
            case Start():
                self._start(command)
            case Copy():
                self._copy(command)
            case Send():
                self._send(command)
            case Pull():
                self._pull(command)
            case Free(loc, size):
                self._free(loc, size)
            case Retain():
                self._retain(command)
            case Reuse():
                self._tell_reused(command.instance, command.stage, reused(command.stage, command.why))
            case Spare(instance, stage, done):
                self._tell_reused(instance, stage, DONE if done else SPARED)
            case Remember(name, pinned):
                self.work.journal.add_recorded(self._owner, name, pinned)
            case FallBack() | Choose():
                self._tell_turn(command)
            case Note(key, record):
                self.work.journal.add_record(key, record)
            case Forget(key):
                self.work.journal.drop_record(key)
            case Done(key):
                self.work.journal.add_record(key, Record(()))
            case Stop():
                self.stopping = True
                self.driver.stop()
            case Finish(outcome):
                self.finished = outcome

    # --- calls --------------------------------------------------------------------------------------

    def _start(self, start: Start) -> None:
        step = start.instance.step
        stage, element = self._stages[start.call.stage], self.label(start.instance)
        event = self.attempts.begin(start, stage, element)
        if isinstance(event, Vanished):
            self.events.append(event)
            return
        why = start.cause
        if not why:
            why = reason(start.parts, self.work.journal.last(self.attempts.instance_key(step, element)))
        self.tell(
            progress.StepStarted(
                time=time.time(),
                step=step,
                element=element,
                stage=stage.name,
                slot=start.slot,
                attempt=start.attempt,
                why=why,
            )
        )
        if event is not None:
            self._tell_failed(event, start, element)
            self.events.append(event)

    def ended(self, exit_: Exit) -> None:
        """A child ended."""
        attempt, event = self.attempts.finish(exit_, stopping=self.stopping)
        self.events.append(event)
        if isinstance(event, Failed):
            self._tell_failed(event, attempt.start, attempt.element)
            return
        self.ran += 1
        outputs = event.record.outputs
        self.tell(
            progress.StepPublished(
                time=time.time(),
                step=attempt.start.instance.step,
                element=attempt.element,
                stage=attempt.stage.name,
                seconds=time.monotonic() - attempt.began,
                bytes=sum(stored.bytes for stored in outputs),
                outputs={stored.name: stored.hash for stored in outputs},
                captured=dict(zip(captured_names(attempt.stage), event.record.texts, strict=True)),
            )
        )

    def _tell_failed(self, event: Failed, start: Start, element: tuple[str, ...]) -> None:
        self.tell(
            progress.StepFailed(
                time=time.time(),
                step=start.instance.step,
                element=element,
                stage=start.call.stage,
                attempt=start.attempt,
                message=event.failure.message,
                final=start.last or not event.failure.again or self.stopping,
            )
        )

    def _tell_reused(self, instance: Instance, stage: str, why: str) -> None:
        if instance in self._seen:
            return
        self._seen.add(instance)
        self.reused += 1
        self.tell(
            progress.StepReused(
                time=time.time(),
                step=instance.step,
                element=self.label(instance),
                stage=stage,
                why=why,
            )
        )

    def _tell_turn(self, command: FallBack | Choose) -> None:
        """Where the flow goes on, as something failed or a condition says."""
        step, element = command.instance.step, self.label(command.instance)
        if isinstance(command, FallBack):
            self.tell(
                progress.FellBack(
                    time=time.time(),
                    step=step,
                    element=element,
                    stage=command.stage,
                    following=command.following,
                    message=command.message,
                )
            )
        elif command.instance not in self._seen:
            self._seen.add(command.instance)
            self.tell(progress.Chosen(time=time.time(), step=step, element=element, holds=command.holds))

    # --- data ---------------------------------------------------------------------------------------

    def path(self, source: Source) -> str:
        return self.work.stores[source.loc.place].path(source.loc.object, source.inner)

    def _copy(self, copy: Copy) -> None:
        source, store = copy.source, self.work.stores[copy.place]
        target = Loc(copy.place, source.hash)
        try:
            store.adopt(self.path(source), source.hash)
        except (Damaged, FileNotFoundError):
            self.work.stores[source.loc.place].discard(source.loc.object)
            self.work.journal.drop_object(source.loc)
            self.events.append(Vanished(source.loc, target=target))
            return
        except OSError as error:
            failure = Failure("data", told(error, copy.place, store.root))
            self.events.append(Broken(failure, target))
            return
        self.work.journal.add_object(target, source.bytes, self._owner)
        self.events.append(Arrived(target, source.bytes))
        if copy.why == "restore":
            self.restored += 1
            self.tell(
                progress.Restored(time=time.time(), place=copy.place, source=source.loc.place, bytes=source.bytes)
            )

    def _send(self, command: Send) -> None:
        try:
            target = remote_path(command.path, self.work.remote, self._options.base)
            self._check_single(command)
            send(command.value, target, {each: self.path(each) for each in _parts(command.value)})
        except RemoteError as error:
            self.events.append(Broken(Failure("usage", str(error)), instance=command.instance))
            return
        except FileNotFoundError:
            self._source_lost(command)
            return
        except OSError as error:
            message = f"{command.path} can't be written: {error.strerror}"
            self.events.append(Broken(Failure("data", message), instance=command.instance))
            return
        self._sent[command.path] = command.digest
        remote = Remote(command.digest, self._owner, stamp(target))
        self.work.journal.add_sent(command.path, remote)
        self.events.append(Sent(command.instance))
        size = sum(source.bytes for source in _parts(command.value))
        self._tell_kept(command.instance, "remote", target, size, copied=True)

    def _check_single(self, command: Send) -> None:
        """A remote path is written once, by one value (rule S3)."""
        before = self._sent.get(command.path)
        if before is not None and before != command.digest:
            raise RemoteError(f"two values are kept at {command.path}; each needs a path of its own")
        remote = self.work.journal.sent().get(command.path)
        if remote is not None and remote.owner != self._owner and remote.digest != command.digest:
            raise RemoteError(
                f"{command.path} holds another value, of {remote.owner.strip()}; "
                "put {window} or {shard} into the path, or remove what is there"
            )

    def _source_lost(self, command: Send) -> None:
        for source in _parts(command.value):
            self.work.journal.drop_object(source.loc)
            self.events.append(Vanished(source.loc, command.instance))

    def _pull(self, command: Pull) -> None:
        slice_ = self._slices[(command.input, command.index)]
        store = self.work.stores[slice_.input.place]
        try:
            stored = pull(slice_, store, self.work.journal, self._owner)
            if stored.hash != command.loc.object:
                raise Unbound(f"{slice_.told} changed while the flow ran: {slice_.path}", "data")
        except Unbound as error:
            self.events.append(Broken(Failure(error.kind, str(error)), command.loc))
            return
        except OSError as error:
            failure = Failure("data", told(error, slice_.input.place, store.root))
            self.events.append(Broken(failure, command.loc))
            return
        self.tell_pulled(slice_, stored.bytes, read=True)
        self.events.append(Arrived(command.loc, stored.bytes, command.instance))

    def tell_pulled(self, slice_: Slice, size: int, *, read: bool) -> None:
        kind = progress.SnapshotPulled if read else progress.SnapshotReused
        self.tell(
            kind(
                time=time.time(),
                input=slice_.input.name,
                shard=slice_.shard,
                window=slice_.window.label,
                source=slice_.path,
                bytes=size,
            )
        )

    def _free(self, loc: Loc, size: int) -> None:
        self.work.stores[loc.place].discard(loc.object)
        self.work.journal.drop_object(loc)
        self.tell(progress.Freed(time=time.time(), place=loc.place, bytes=size))

    def _retain(self, pin: Retain) -> None:
        if not pin.brief:
            self.pins.add(pin.loc)
            self.work.journal.pin(self._owner, pin.loc)
        if pin.step:
            path = self.work.stores[pin.loc.place].path(pin.loc.object)
            self._tell_kept(Instance(pin.step, pin.path), pin.loc.place, path, pin.bytes, copied=pin.copied)

    def _tell_kept(self, instance: Instance, place: str, path: str, size: int, *, copied: bool) -> None:
        self.tell(
            progress.Kept(
                time=time.time(),
                step=instance.step,
                element=self.label(instance),
                place=place,
                path=path,
                bytes=size,
                copied=copied,
            )
        )

    def sweep(self) -> None:
        """After a run that ended well no call of a service is left to ask about. What earlier runs of the same flow,
        window and shard left behind goes, and of what they kept that which takes up memory. On other places what is
        kept stays for good."""
        journal = self.work.journal
        journal.drop_effects(self._owner)
        for loc in journal.pinned(self._owner) - self.pins:
            if loc.place == "ram":
                journal.unpin(self._owner, loc)
        journal.commit()
        for loc in journal.strays(self._owner):
            store = self.work.stores.get(loc.place)
            if store is not None:
                store.discard(loc.object)
                journal.drop_object(loc)

    def failure(self, failure: Failure) -> RunFailure:
        """`failure` with the report of the stage that it is of, if it is."""
        report = self.attempts.reports.get(failure)
        return RunFailure(kind=failure.kind, message=failure.message, report=report)


def _parts(value: Argument) -> list[Source]:
    return sources((("", value),))

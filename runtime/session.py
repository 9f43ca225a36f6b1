"""A session: one run of a plan on an open work folder.

It goes round. An event goes into the pure interpreter; the commands that come out are done, which may give
events at once; when there are none, the journal is committed, the listener is told, and it waits for a child
to end. If a stage gave other bytes than its record said, what is known has changed, and a fresh pass begins.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from datetime import UTC, datetime

from msgspec.structs import replace
from rpds import HashTrieMap

from podpipec_runtime import progress
from podpipec_runtime.attempts import Attempts, environment
from podpipec_runtime.calendar.written import shown
from podpipec_runtime.drivers.process import ProcessDriver
from podpipec_runtime.executor import Executor, Listen
from podpipec_runtime.explain import explain
from podpipec_runtime.interpreter.commands import Command
from podpipec_runtime.interpreter.events import Failure, Interrupted
from podpipec_runtime.interpreter.program import program
from podpipec_runtime.interpreter.state import Facts, State
from podpipec_runtime.interpreter.step import begin, step
from podpipec_runtime.interpreter.turn import label
from podpipec_runtime.interpreter.values import Loc, Stored
from podpipec_runtime.options import RunOptions
from podpipec_runtime.outcome import Outcome
from podpipec_runtime.plan.types import At, Plan
from podpipec_runtime.results import results
from podpipec_runtime.secrets import Secrets
from podpipec_runtime.signals import Signals
from podpipec_runtime.snapshots.bind import Slice, Unbound
from podpipec_runtime.snapshots.pull import known, look, pull
from podpipec_runtime.snapshots.windows import period_zone
from podpipec_runtime.space import told
from podpipec_runtime.store.remote import remote_path, stamp
from podpipec_runtime.workfolder import WorkFolder, stock

#: How often a run starts afresh because a stage gave other bytes for the same inputs.
PASSES = 5


class Session:
    """Runs or explains. Raises Unbound for slices that can't be read, and `signals.Stopped`."""

    def __init__(
        self,
        plan: Plan,
        options: RunOptions,
        listen: Listen,
        signals: Signals,
        work: WorkFolder,
        driver: ProcessDriver,
        slices: tuple[Slice, ...],
        secrets: Secrets,
    ) -> None:
        self._plan = plan
        self._options = options
        self._signals = signals
        self._work = work
        self._driver = driver
        self._slices = slices
        self._program = program(plan)
        self._owner = _owner(plan, options)
        env = environment(options.env, os.environ) | dict(options.told)
        self._attempts = Attempts(work, driver, env, secrets, self._owner)
        stages = {stage.name: stage for stage in plan.stages}
        self._executor = Executor(work, driver, self._attempts, slices, stages, options, self._owner, listen)
        self._state: State | None = None
        self._peak: dict[str, int] = {}
        self._shown: Mapping[str, int] = HashTrieMap()

    def run(self) -> Outcome:
        """Runs the plan to its end."""
        self._start()
        with self._signals.breaking():
            facts = self._facts()
        for _ in range(PASSES):
            state = self._pass(facts)
            if self._executor.finished != "again":
                break
            names = ", ".join(f"`{name}`" for name in dict.fromkeys((*state.unstable, *state.given_up)))
            self._warn_again(state)
            facts = replace(facts, records=state.records, content=state.stock.content, sent=state.sent)
            facts = replace(facts, kept=self._work.journal.all_pinned(), recorded=state.recorded)
            facts = replace(facts, effects=self._work.journal.effects(self._owner))
        else:
            return self.outcome(Failure("stage", f"{names} gives other bytes each time it runs; no result"))
        if state.failure is not None:
            return self.outcome(state.failure)
        self._executor.sweep()
        found = results(state, self._work)
        self._executor.flush()
        return replace(self.outcome(None), results=found)

    def explain(self) -> Outcome:
        """Tells what `run` would do."""
        with self._signals.breaking():
            facts = self._facts()
        key = self._attempts.instance_key

        found = explain(self._program, facts, lambda name, element: self._work.journal.last(key(name, element)))
        return Outcome(explained=found)

    def outcome(self, failure: Failure | None) -> Outcome:
        """The figures so far."""
        done = self._executor
        done.flush()
        peak = dict(self._peak)
        for place, size in (self._state.stock.peak if self._state else {}).items():
            peak[place] = max(size, peak.get(place, 0))
        return Outcome(
            ran=done.ran,
            reused=done.reused,
            restored=done.restored,
            peak=dict(sorted(peak.items())),
            failure=None if failure is None else done.failure(failure),
        )

    # --- beginning ----------------------------------------------------------------------------------

    def _start(self) -> None:
        pod, stores = self._plan.pod, self._work.stores
        slots = min(len(pod.slots), self._options.parallel or len(pod.slots))
        self._executor.tell(
            progress.RunStarted(
                time=time.time(),
                flow=self._plan.flow,
                work=self._work.root,
                slots=slots,
                places={place.name: stores[place.name].root for place in pod.places},
                sizes={place.name: place.bytes for place in pod.places},
            )
        )
        if any(stage.image for stage in self._plan.stages):
            self._warn("images are not used here: stages run as processes of this machine")
        self._executor.flush()

    def _warn(self, message: str) -> None:
        self._executor.tell(progress.Warned(time=time.time(), message=message))

    def _warn_again(self, state: State) -> None:
        """Why a fresh pass begins."""
        for steps, what in (
            (state.unstable, "gave other bytes for the same inputs"),
            (state.given_up, "can't be had again from where it came"),
        ):
            if steps:
                names = ", ".join(f"`{name}`" for name in dict.fromkeys(steps))
                self._warn(f"{names} {what}; what was made of the old is made anew")

    def _facts(self) -> Facts:
        content, warnings = stock(self._work)
        for warning in warnings:
            self._warn(warning)
        inputs: dict[str, tuple[Stored, ...]] = {given.name: () for given in self._plan.inputs}
        for slice_ in self._slices:
            stored = self._read(slice_)
            inputs[slice_.input.name] += (stored,)
        for given in self._plan.inputs:
            there = self._work.journal.objects(given.place)
            for stored in inputs[given.name]:
                if stored.hash in there:
                    content[Loc(given.place, stored.hash)] = stored.bytes
        self._executor.flush()
        return Facts(
            inputs=inputs,
            window=self._options.window,
            shard=self._options.shard or "",
            zone=period_zone(self._plan),
            windows=self._windows(),
            texts=self._options.texts,
            records=HashTrieMap(self._work.journal.records()),
            content=HashTrieMap(content),
            kept=self._work.journal.all_pinned(),
            sent=HashTrieMap(self._sent()),
            recorded=HashTrieMap(self._work.journal.recorded(self._owner)),
            effects=self._work.journal.effects(self._owner),
            repeat=self._options.repeat_effects,
            parallel=self._options.parallel,
        )

    def _windows(self) -> dict[str, tuple[datetime, ...]]:
        """When the windows of the inputs that are lists of them start, each in its zone."""
        lists = [given.name for given in self._plan.inputs if not isinstance(given.windows, At)]
        starts = {name: [each.window.start for each in self._slices if each.input.name == name] for name in lists}
        return {name: tuple(start for start in found if start is not None) for name, found in starts.items()}

    def _read(self, slice_: Slice) -> Stored:
        """What a slice contains: known by how it looks, or else read, and brought to its place."""
        stored = known(slice_, self._work.journal)
        if stored is not None:
            self._executor.tell_pulled(slice_, stored.bytes, read=False)
            return stored
        store = self._work.stores[slice_.input.place]
        try:
            if self._options.explain:
                return look(slice_)
            stored = pull(slice_, store, self._work.journal, self._owner)
        except OSError as error:
            raise Unbound(told(error, slice_.input.place, store.root), "data") from None
        self._executor.tell_pulled(slice_, stored.bytes, read=True)
        return stored

    def _sent(self) -> dict[str, str]:
        """What lies at remote paths, as far as nobody touched it since."""
        found: dict[str, str] = {}
        for path, remote in self._work.journal.sent().items():
            target = remote_path(path, self._work.remote or "/", self._options.base)
            if remote.owner == self._owner and stamp(target) == remote.stamp:
                found[path] = remote.digest
        return found

    def close(self) -> None:
        """Takes away what only this session needed."""
        self._attempts.close()

    # --- going round --------------------------------------------------------------------------------

    def _pass(self, facts: Facts) -> State:
        """One pass from its beginning to its end."""
        done = self._executor
        done.finished = ""
        done.pins.clear()
        state, commands = begin(self._program, facts)
        interrupted = 0
        while True:
            state = self._perform(state, commands)
            if done.finished:
                break
            done.flush()
            exits = self._driver.wait()
            if self._signals.count > interrupted:
                interrupted = self._signals.count
                if interrupted > 1:
                    self._driver.kill()
                done.events.append(Interrupted(self._signals.name))
            with self._signals.breaking(unless=interrupted > 0):
                for exit_ in exits:
                    done.ended(exit_)
            commands = ()
        self._peak = {place: max(size, self._peak.get(place, 0)) for place, size in state.stock.peak.items()}
        return state

    def _perform(self, state: State, commands: tuple[Command, ...]) -> State:
        """Does `commands`, and what follows from them at once."""
        done = self._executor
        while True:
            self._state = state
            self._tell_places(state)
            done.label = lambda instance: label(state, instance)  # noqa: B023 - used within this round alone
            done.do(commands)
            if not done.events or done.finished:
                return state
            state, commands = step(state, done.events.popleft())

    def _tell_places(self, state: State) -> None:
        if state.stock.used is not self._shown:
            self._shown = state.stock.used
            now, peak = dict(self._shown), dict(state.stock.peak)
            self._executor.tell(progress.PlacesUsed(time=time.time(), now=now, peak=peak))


def _owner(plan: Plan, options: RunOptions) -> str:
    """Whose work this is: runs of one flow for one window and shard supersede each other."""
    window = shown(options.window, UTC) if options.window else ""
    return " ".join((plan.flow, window, options.shard or "")).rstrip()

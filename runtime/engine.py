"""The engine: runs a plan on this machine.

`run` is a thin shell. It opens the work folder, finds the slices, and has a session (`session.Session`) go
round: an event goes into the pure interpreter, commands come out, the executor does them, and what ends or
arrives is the next event.
"""

from __future__ import annotations

import os
import sqlite3
import time

from podpipec_runtime import progress
from podpipec_runtime.drivers.process import ProcessDriver
from podpipec_runtime.executor import Listen, UnheardError
from podpipec_runtime.interpreter.events import Failure, FailureKind
from podpipec_runtime.options import RunOptions
from podpipec_runtime.outcome import Outcome, RunFailure
from podpipec_runtime.plan.executable import unexecutable
from podpipec_runtime.plan.order import within
from podpipec_runtime.plan.types import Keep, Plan
from podpipec_runtime.secrets import Secrets, read
from podpipec_runtime.session import Session
from podpipec_runtime.signals import Signals, Stopped
from podpipec_runtime.snapshots.bind import Unbound, bind
from podpipec_runtime.store.remote import RemoteError, remote_path
from podpipec_runtime.workfolder import Unusable, open_work

__all__ = ["Outcome", "RunOptions", "run"]


def run(plan: Plan, options: RunOptions, listen: Listen) -> Outcome:
    """Runs `plan`, which has been checked (as `codec.decode` does), and tells `listen` what happens.

    Never raises for what is the matter with data, stages, places or options: see `Outcome.failure`. What
    `listen` raises ends the run, as a signal would, and is raised again.
    """
    began = time.monotonic()
    signals = Signals()
    with signals.caught():
        outcome = _run(plan, options, listen, signals)
    failure = outcome.failure
    listen(
        progress.RunEnded(
            time=time.time(),
            outcome=failure.kind if failure else "done",
            message=failure.message if failure else "",
            ran=outcome.ran,
            reused=outcome.reused,
            restored=outcome.restored,
            seconds=time.monotonic() - began,
        )
    )
    return outcome


def _run(plan: Plan, options: RunOptions, listen: Listen, signals: Signals) -> Outcome:
    try:
        _check(plan, options)
        secrets = Secrets({}) if options.explain else read(plan, options.secrets, os.environ)
        slices = bind(plan, options)
        work = open_work(plan, options)
    except Unbound as error:
        return _failed(error.kind, str(error))
    except Unusable as error:
        return _failed("usage", str(error))
    driver = ProcessDriver(options.grace)
    if signals.fd >= 0:
        driver.wake_on(signals.fd)
    session = Session(plan, options, listen, signals, work, driver, slices, secrets)
    try:
        return session.explain() if options.explain else session.run()
    except Unbound as error:
        return _failed(error.kind, str(error))
    except Stopped:
        driver.end_all()
        return session.outcome(Failure("interrupted", f"stopped by {signals.name}"))
    except UnheardError as error:
        driver.end_all()
        raise error.__cause__ or error from None
    except (sqlite3.Error, OSError) as error:
        return _failed("data", f"the work folder {work.root} can't be written: {error}")
    finally:
        driver.close()
        session.close()
        work.close()


def _failed(kind: FailureKind, message: str) -> Outcome:
    return Outcome(failure=RunFailure(kind=kind, message=message))


def _check(plan: Plan, options: RunOptions) -> None:
    """What would only show late is refused first. Raises Unbound."""
    lacking = unexecutable(plan)
    if lacking:
        raise Unbound(f"flow `{plan.flow}` needs what only a cluster has: {'; '.join(lacking)}")
    if options.window is not None and options.window.tzinfo is None:
        raise Unbound("the window needs a time zone, e.g. 2024-01-31T00:00Z")
    if options.parallel is not None and options.parallel < 1:
        raise Unbound("at least one stage must be allowed to run")
    for name in options.places:
        if name != "remote" and all(place.name != name for place in plan.pod.places):
            raise Unbound(f"pod `{plan.pod.name}` has no place `{name}`")
    for name in options.env:
        if not name or "=" in name or "\0" in name:
            raise Unbound(f"`{name}` is not the name of an environment variable")
    _check_remote(plan, options)


def _check_remote(plan: Plan, options: RunOptions) -> None:
    """Whether this engine can reach where the flow wants to keep something."""
    for top in plan.steps:
        for step in within(top):
            if isinstance(step, Keep) and step.place == "remote" and isinstance(step.path[0], str):
                try:
                    remote_path(step.path[0], options.places.get("remote", ""), options.base)
                except RemoteError as error:
                    raise Unbound(str(error)) from None

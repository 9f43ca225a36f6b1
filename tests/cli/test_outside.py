"""`run` with services and secrets, as a person types it: what is asked for and refused, what a killed run leaves."""

from __future__ import annotations

from pathlib import Path

import pytest

from podpipec.cli import status
from tests.examples.cases import podpipec

_PROGRAM = """
service orders { url "https://orders.example" }
secret api_token
snapshot ticks { from "ticks.csv"  size 1KiB }
pod bench { slots 2  cpu 2  memory 2GiB  node 1MiB  volume 1MiB }
stage order(book: Csv) -> receipt: Csv {
  calls orders  %s
  secret api_token
  sh \"\"\"
    echo "$API_TOKEN"
    echo sent >> "{book_of_orders}"
    if [ -e "{book_of_orders}.kill" ]; then rm "{book_of_orders}.kill"; kill -9 "$PPID"; fi
    cat {book} > {receipt}
  \"\"\"
}
param book_of_orders: String
flow day(t: ticks) -> fixed on bench {
  receipt = order(t)
  fixed   = pin receipt in volume
}
"""

VALUE = "hunter2-hunter2"


class Desk:
    """A program in a folder, and how often its order went out."""

    def __init__(self, folder: Path, word: str = "") -> None:
        self.folder = folder
        self.sent = folder / "orders"
        (folder / "ticks.csv").write_text("a,b\n")
        (folder / "token").write_text(VALUE + "\n")
        (folder / "day.flow").write_text(_PROGRAM % word)

    def run(self, *words: str) -> tuple[int, str, str]:
        done = podpipec("run", "day.flow", "--param", f"book_of_orders={self.sent}", "-q", *words, cwd=self.folder)
        return done.returncode, done.stdout, done.stderr

    @property
    def orders(self) -> int:
        return self.sent.read_text().count("sent") if self.sent.exists() else 0


def test_a_killed_run_is_not_asked_twice(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    (tmp_path / "orders.kill").touch()
    told = ("--secret", "api_token=file:token")
    assert desk.run(*told)[0] == -9 and desk.orders == 1
    code, _, err = desk.run(*told)
    assert (code, desk.orders) == (status.DATA, 1)
    assert "`order` began to call the service `orders`" in err and "--repeat-effects" in err
    assert desk.run(*told, "--repeat-effects")[0] == status.OK and desk.orders == 2
    assert desk.run(*told)[0] == status.OK and desk.orders == 2
    written = b"".join(path.read_bytes() for path in (tmp_path / ".podpipec").rglob("*") if path.is_file())
    assert VALUE.encode() not in written


def test_a_killed_run_is_resumed_if_it_may_ask_again(tmp_path: Path) -> None:
    desk = Desk(tmp_path, "idempotent")
    (tmp_path / "orders.kill").touch()
    told = ("--secret", "api_token=file:token")
    assert desk.run(*told)[0] == -9
    assert desk.run(*told)[0] == status.OK and desk.orders == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "the stage `order` asks for the secret `api_token`: say where it comes from"),
        (("--secret", f"api_token={VALUE}"), "--secret is of the form NAME=env:VARIABLE or NAME=file:PATH"),
        (("--secret", VALUE), "--secret is of the form NAME=env:VARIABLE or NAME=file:PATH"),
        (("--secret", "api_tokn=file:token"), "asks for a secret `api_tokn`: did you mean `api_token`?"),
        (("--secret", "api_token=file:gone"), "the secret `api_token` is to come from the file gone"),
        (("--secret", "api_token=file:a", "--secret", "api_token=file:b"), "the secret `api_token` is given twice"),
    ],
)
def test_what_is_wrong_with_a_secret_is_said_at_once(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    desk = Desk(tmp_path)
    code, out, err = desk.run(*words)
    assert code == status.USAGE and said in err and VALUE not in out + err
    assert desk.orders == 0

"""Diagnostics: values that say what is wrong with a program, and printers of them.

A pass makes a `Diagnostic` and goes on; nothing here raises, and nothing below the command line prints. `terminal`
and `json` turn the values into text; every code has a page in `podpipec/explain`.
"""

from podpipec.diagnostics.diagnostic import Diagnostic, Fix, Label, Severity, error, in_order
from podpipec.diagnostics.suggest import did_you_mean, nearest

__all__ = ["Diagnostic", "Fix", "Label", "Severity", "did_you_mean", "error", "in_order", "nearest"]

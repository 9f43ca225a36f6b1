"""Diagnostics: values that say what is wrong with a program, and printers of them.

A pass makes a `Diagnostic` and goes on; nothing here raises, and nothing below the command line prints. `terminal`,
`json`, `sarif` and `github` turn the values into text; `mending` applies the edits that they carry to a text. Every
code has a page in `podpipec/explain`.
"""

from podpipec.diagnostics.diagnostic import Certainty, Diagnostic, Fix, Label, Severity, error, in_order
from podpipec.diagnostics.suggest import DidYouMean, did_you_mean, nearest

__all__ = [
    "Certainty",
    "Diagnostic",
    "DidYouMean",
    "Fix",
    "Label",
    "Severity",
    "did_you_mean",
    "error",
    "in_order",
    "nearest",
]

"""The compiler of podpipec: turns `.flow` programs into checked plans and manifests.

`source → syntax → names → types → graph → rules → plan → targets`, each a package that imports only those to
its left; `cli` is the thin shell around them. Passes are functions from immutable values to immutable values and
a list of diagnostics; none prints, reads the clock or keeps state. Nothing here runs a plan: that is the runtime's.
"""

__version__ = "0.1.0"

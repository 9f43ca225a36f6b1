"""What podpipec costs beside the tools that people would use instead.

`run.py` is the one command. It makes its own virtual environments (`environments`), writes the same graph (`graph`) as
a program of each tool (`peers`), measures whole processes in rounds (`trial`, `process`), and holds the medians against
the bounds of the project (`sections`, `bounds`, `report`). A command that fails, or that did not do the work it was
asked for, ends the whole run: a figure is never made of a run that went wrong. It never changes what it measures.
"""

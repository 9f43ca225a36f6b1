"""The formatter: from a program's text to the same program, laid out in the one way that all programs share.

`remarks` gives each comment its place; `declarations`, `statements` and `expressions` make a document of the tree, one
function a kind of node; `layout` makes a text of the document; `formatting` proves that the text still says the same,
and gives nothing rather than a text that does not. Nothing here reads a file or knows what a name means.

The rules:

- Two blanks a level, 100 columns, line ends `\\n`. Operators have blanks around them; brackets stay where precedence
  needs them. Strings, scripts and the words of comments are never touched.
- One declaration, setting or statement a line. A block that was written on one line stays there if it fits; its
  things are two blanks apart. What does not fit on a line is broken at its brackets, one part a line.
- Empty lines stay where they were, never more than one, none at the edges of a block.
- Columns: neighbouring settings, lets, keeps, params, consts and types are aligned, until an empty line or a line of
  another kind, and only if no line is broken by it. A let whose block is open, or that says `in`, stands for itself.
- A comment behind a line begins in column 37, or two blanks behind a longer line. A comment on a line of its own
  stays before the same thing.
"""

from podpipec.format.formatting import Formatted, UnsafeError, formatted

__all__ = ["Formatted", "UnsafeError", "formatted"]

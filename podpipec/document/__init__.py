"""Pages about programs: a module's declarations and their doc comments as Markdown.

`module` makes the page, a section a kind of declaration; `settings` says what of a declaration's block a reader must
know: bounds, defaults, what can be asked of a pod. Doc comments are Markdown and are taken over as they are; all that
comes from the program is quoted as code. Nothing here reads a file or checks a program.
"""

from podpipec.document.module import page

__all__ = ["page"]

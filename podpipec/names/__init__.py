"""Names: which files a program is made of, and what each name in a file stands for.

`loading` follows `use` from file to file, `scope` says what a name of a file means. Reading a file is an effect
and is handed in; a name that nothing declares becomes a diagnostic with the nearest name that is declared.
"""

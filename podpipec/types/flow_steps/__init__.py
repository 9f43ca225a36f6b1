"""The lines of a flow: a module for each construct, a function from what is written to what it stands for.

`body` orders the lines of a body and hands each to its module: a construct with a value takes one line in `body.value`,
a statement of another form one line in `body.line`. `context` is what they all are given.
"""

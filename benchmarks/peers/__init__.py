"""The same graph as a program of each tool: one file a tool, each a function from a graph to the text of a program.

Where a tool has several ways to say a graph, the one that gives it least to do was chosen.
"""

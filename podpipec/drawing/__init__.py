"""Drawings of a flow: where each value lies, which calls share a slot, where a slot swaps its image, what is kept.

`picture` turns a graph into boxes, groups and arrows, without a word of any format; `mermaid`, `dot` and `svg` write
them. Loops are groups and are not unrolled. The SVG is laid out here (`layout`), so no other program is needed. All of
it is pure: the same program gives the same bytes. Labels are texts of the program, and every format escapes them whole.

`portrait` says for each kind of node how it looks: a new kind is one function there.
"""

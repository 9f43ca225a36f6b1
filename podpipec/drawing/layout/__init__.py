"""Layered drawing of boxes, nested frames and wires, after Sugiyama, Tagawa and Toda (1981).

Each frame is laid out by itself, the innermost first, and is one box to what is around it: `arrange`. One level of it
(`level`) goes in four steps: every box gets a layer below all that it waits for (`layers`), boxes of a layer are
ordered so that few wires cross (`ordering`), they are pushed sideways to where their wires come from (`placing`), and
wires are led through lanes between the boxes. All sizes are whole pixels; nothing depends on hashes or on the machine.
"""

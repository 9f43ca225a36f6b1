"""The steps of a flow, and of the flows that it calls, become the nodes of one graph: a module for each kind of step.

`steps.nodes` tells the kinds apart, one line each; `work` is what they all share.
"""

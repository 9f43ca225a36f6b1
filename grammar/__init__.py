"""The grammar of `.flow`: `flow.lark`, the one source of truth, and the tables generated from it."""

"""The standard library of `.flow`, as package resources: what `use std.…` names."""

"""Tests of the harness: that a figure is of what its row says."""

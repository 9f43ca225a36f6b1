"""Snapshots: finding the slices that a run is about, and bringing them to their places, sealed.

A slice that didn't change since it was read is neither read nor copied again while its object is there.
"""

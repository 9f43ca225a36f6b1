"""Stores: one content-addressed store on each place, all with one interface (`store.Store`).

A store publishes whole values or nothing: what is written beside is hashed, flushed as far as the place
promises, sealed, and renamed to `objects/<hash>`. It never changes an object, and never looks at names that
a stage chose outside of its own folder.
"""

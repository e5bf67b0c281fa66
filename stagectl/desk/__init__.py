"""Runs the engine: the loop, the workers, journal and doors, in a process that outlives panels."""

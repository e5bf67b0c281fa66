"""Thin I/O: one protocol, one module, one class."""

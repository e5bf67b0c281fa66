"""Draws snapshots and sends intents; decides nothing. The only Textual in the show's way."""

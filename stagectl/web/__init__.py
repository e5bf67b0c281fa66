"""Gives browsers a panel, and a page to be read aloud; the show knows nothing of either."""

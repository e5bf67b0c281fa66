"""Each widget draws the lines that a plain function made of a View."""

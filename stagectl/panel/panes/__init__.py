"""What can fill the middle of the screen, one class a module; slots.py lists them."""

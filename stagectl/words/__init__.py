"""What people read: every sentence, in their own language."""

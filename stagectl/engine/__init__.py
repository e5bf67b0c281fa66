"""What the show is doing. Sans-IO: the caller brings the time and carries the bytes."""

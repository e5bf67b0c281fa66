"""A stage that is not there: real protocols on real loopback sockets, and nothing behind."""

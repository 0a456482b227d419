"""The purger: the one process that holds the homeserver's admin token.

It listens on a Unix socket, knows three requests (protocol.py), deletes only media of its own homeserver, writes each id to
a register of its own before deleting, and no more often than it is allowed. The bot has `socket_client.py` and nothing else
of it.
"""

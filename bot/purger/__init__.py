"""The purger: the one process that holds the homeserver's admin token.

It can do two things with it: delete one media, and name one account's encrypted uploads. It listens on a Unix socket, knows three
requests (protocol.py), deletes only media of its own homeserver, and no more often than it is allowed; it writes each id to a
register of its own before deleting it. The bot has `socket_client.py` and nothing else of it.
"""

"""The purger: beside the process that runs the embedded homeserver, the only one that holds the homeserver's admin token. The bot
never does.

It listens on a Unix socket, knows three requests (protocol.py), and deletes only media of its own homeserver. It writes each
id to a register of its own before deleting it, and keeps to a limit on how often it deletes. The bot has `socket_client.py`
and nothing else of it.
"""

"""Backups: made while the bot runs (`make`), put back (`restore`), removed in time (`expire`).

The bot's own keys go into one file (`keys_file`); what a backup is stands in `format`.
"""

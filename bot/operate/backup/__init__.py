"""Backups: made while the bot runs (`make`), put back (`restore`), removed when their time is over (`expire`), and the bot's own
keys in one file (`keys_file`).
"""

"""Backups: made while the bot runs (`make`), put back (`restore`), and the bot's own keys in one file (`keys_file`)."""

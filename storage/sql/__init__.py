"""The encrypted database: opening it, migrating it, its one writer, and rows that mirror dataclasses. Nothing else in `storage`
knows SQLCipher.

Not here: what the tables mean (`journal`, `records`).
"""

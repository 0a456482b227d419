"""The encrypted database: opened, migrated, one writer; rows that mirror dataclasses. The only room that knows SQLCipher.

Not here: what the tables mean (`journal`, `records`).
"""

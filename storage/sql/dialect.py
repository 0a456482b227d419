"""SQLite's dialect, shared: a statement is compiled once in a process, for every connection to every database.

SQLAlchemy compiles for each engine anew, and a database has two. Compiling takes ten times as long as carrying a statement out.
"""

from __future__ import annotations

from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache


class SharedDialect(SQLiteDialect_pysqlite):
    """One is as good as another: all of this class use the same driver in the same way."""

    supports_statement_cache = True

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SharedDialect)

    def __hash__(self) -> int:
        return hash(SharedDialect)


NAME = "consentry"
COMPILED = LRUCache[object, object](500)  # as many as SQLAlchemy keeps for an engine
registry.register(NAME, __name__, SharedDialect.__name__)

"""The end of the record: what may be destroyed, who decides it, and what must be kept (R23).

Not here: when its time is over (`core.retention_due`).
"""

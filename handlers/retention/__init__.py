"""The end of the record: what may be destroyed, who decides it, and what must be kept (R23).

Not here: when the retention period ends (`core.retention_due`, `domain.retention_rules`).
"""

"""What is noted outside the data directory, so that losing or restoring the data does not undo it (R23, R27).

Not here: backups (`bot.operate.backup`), and second copies of the record (`records`).
"""

"""Notes kept outside the data directory, so that losing or restoring the data does not undo them (R23, R27); `far_disk` works
safely on a disk that may stop answering.

Not here: backups (`bot.operate.backup`), and second copies of the record (`records`).
"""

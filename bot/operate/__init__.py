"""Running a practice: the bot put together (`app`), what it keeps on disk (`kept`), and what the command line does beside it.

Not here: decisions about images and people (`core`, `handlers`), and how options are read and results printed (`commands`).
"""

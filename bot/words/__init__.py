"""Everything the bot says, sentence by sentence: `to_` somebody, or `about_` something. `phrases` is what all of them share.

Not here: when it is said, and to whom (`core.telling`, `handlers`), and the texts a practice may replace (`domain.texts`).
"""

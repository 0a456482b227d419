"""What the bot says, sentence by sentence: `to_` somebody, or `about_` something; also `acknowledgement`, `greetings`,
`audit_lines`, and `phrases`, which all of them share.

Not here: when it is said, and to whom (`core.telling`, `handlers`); the texts that a practice may replace
(`domain.built_in_texts`); and some labels of answers, which stand beside their questions.
"""

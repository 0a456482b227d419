"""Read what people type: a command, a refusal, a statement about a photo, a request for a use, whose photo it is, a day.

Pure: words go in, what they mean comes out. It is asked once for each message, before a handler decides: `by_itself` says what
stands in the words whatever is open, `in_turn` what a patient means by them where something is.

Not here: what follows from it (`handlers`), and what is said back (`words`). Who may be told of images is asked in
`core.who_may_hear`.
"""

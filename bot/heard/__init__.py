"""Read what people type: a command, a refusal, a statement about a photo, a request for a use, whose photo it is, a day.

Pure: words go in, what they mean comes out.

Not here: what follows from it (`handlers`), and what is said back (`words`). Who may be told of images is asked in
`core.who_may_hear`.
"""

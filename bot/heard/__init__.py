"""What people write, read: a refusal, a statement about a photo, a use, a day. Pure: words go in, what they say comes out.

Not here: what follows from it (`handlers`), and what is said back (`words`).
"""

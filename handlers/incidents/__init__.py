"""What went wrong: a lost phone, a picture that reached the wrong person, a breach that is assessed (R25).

Not here: erasing the copies, which is planned like any erasure (`core.effects.erase`).
"""

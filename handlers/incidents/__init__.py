"""What is done when something goes wrong: a phone is lost, a picture reaches the wrong person, a breach is assessed (R25).

Not here: erasing the copies, which is planned like any erasure (`core.effects.erase`).
"""

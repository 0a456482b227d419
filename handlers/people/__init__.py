"""Who people are: invited, admitted, checked by emoji, given or losing authority for a patient, paused, leaving, dead (R28, R33).

Not here: which rights follow from that (`domain.authority`).
"""

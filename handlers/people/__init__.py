"""Who people are: invited, admitted, compared, speaking for somebody or no longer, gone, dead (R28, R33).

Not here: which rights follow from that (`domain.authority`).
"""

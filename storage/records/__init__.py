"""Where images and notes are filed: the embedded record (`embedded`), its second copy on another disk (`mirror`, `take_back`),
and copies of it for patients (`export`).
"""

"""Where images and notes are filed: the embedded record (`embedded`), the same with a second copy on another disk (`mirrored`,
`mirror`), and copies of it for patients (`export`).
"""

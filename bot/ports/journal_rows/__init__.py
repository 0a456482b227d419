"""What is asked of the journal's rows: a named question for whatever is not asked by id, so that names and types are checked.

Each is answered by an index, except those that `tests/contract/test_questions.py` names, with the reason.
"""

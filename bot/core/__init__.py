"""The core: each arrival becomes one decision in one commit (`inbox`, `dispatch`, `transaction`). What was decided is carried out
later (`worker`, `schedule`) by the `effects`: filing, moving, erasing, speaking, making rooms. `watches` look at what no
arrival brings; `uses` and the rest is what several decisions share.

Not here: single commands and answers (`handlers`), the rules themselves (`domain`), and any technology (the adapters).
"""

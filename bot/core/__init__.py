"""The core: one arrival becomes one decision and one commit (`inbox`, `dispatch`, `transaction`), carried out later (`worker`,
`schedule`, `effects`), looked after by `watches` and deadlines. `uses` and the rest are what several decisions share.

Not here: what somebody may do by name (`handlers`), the rules themselves (`domain`), and any technology (the adapters).
"""

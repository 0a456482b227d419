"""A photo on its way into a record: sent, asked about, matched, corrected, taken back; and what its patient may ask for.

Not here: photos that colleagues send of their patients (`colleagues`), and passing a photo on (`uses`).
"""

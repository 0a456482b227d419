"""The independent client: matrix-js-sdk with Rust crypto, the engine of Element, driven over JSON lines (README.md)."""

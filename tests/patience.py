"""How long a test waits for what must come: nothing is measured by it, it only ends a test that waits in vain."""

PATIENCE = 120.0  # seconds; a busy machine with two slow cores has needed more than forty-five for one answer

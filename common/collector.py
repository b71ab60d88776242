"""Python's garbage collector, set for processes that load a lot once and then make rows for each request."""

import gc

# Above Python's 700, 10, 10: most of what a page makes is gone with its request, before anything was searched.
THRESHOLDS = (6_000, 20, 50)


def settle() -> None:
    """Call it once everything is loaded, and before any fork: what is there now is never searched nor copied again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)

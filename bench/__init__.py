"""`make bench`: how fast the pages answer, how much they weigh, and how many queries they ask (docs/adr/0011).

Everything is measured beside two floors of the same run, so the ratios mean the same on a slow and a fast machine.
"""

"""Ends only when it is killed, and has a child that is the same."""

import os
import signal
import time

signal.signal(signal.SIGTERM, signal.SIG_IGN)
os.fork()
while True:
    time.sleep(60)

"""Stands in for Django's: every command succeeds, and load_demo tells its sign-ins."""

import sys

if sys.argv[1] == "load_demo":
    print("ada@example.org, password: analytical")

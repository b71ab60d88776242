"""Runs Ownpace on one machine: embedded PostgreSQL and Redis, web, worker and beat.

Nothing here imports Django or a database driver, so that a broken setting cannot keep the database from being stopped.
"""

"""Runs: members advanced in chunks on threads, stored as they finish, continued by running again."""

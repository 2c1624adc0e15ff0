"""Policies: levers, scenarios as small TOML files, and the monthly plan they make together with the pack."""

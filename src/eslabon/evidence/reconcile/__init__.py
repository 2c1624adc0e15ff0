"""Reconciliation: claims of one chain against its balances, adjusted values, and the claims that cannot hold together."""

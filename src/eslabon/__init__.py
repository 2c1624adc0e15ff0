"""Eslabon."""

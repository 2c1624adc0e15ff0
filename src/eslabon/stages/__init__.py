"""Stages: one file each, functions of arrays; what a stage reads is its arguments. Stages never import each other."""

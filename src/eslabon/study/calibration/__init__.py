"""Calibration: parameters that are estimated meet the series published up to a cut-off."""

"""The Peru region pack: a Frictionless data package of basins, corridors, yearly series and claims."""

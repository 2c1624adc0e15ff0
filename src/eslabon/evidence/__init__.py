"""Evidence: claims with their sources, the region pack that carries them, and the checks on both."""

"""Parameters: the table of a region pack, and a member's frozen draw from its priors."""

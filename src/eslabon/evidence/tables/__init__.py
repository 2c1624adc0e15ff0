"""Official tables: a hostile or broken file becomes a grid of raw cells, and the grid becomes claims."""

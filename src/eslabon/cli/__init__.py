"""The command line: thin, no model arithmetic."""

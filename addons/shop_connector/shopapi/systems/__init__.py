"""One folder for each shop system."""

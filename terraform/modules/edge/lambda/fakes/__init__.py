"""The world of the two functions in memory, for tests; in no package."""

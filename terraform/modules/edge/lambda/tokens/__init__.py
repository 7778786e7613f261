"""The Lambda that issues tokens for a CPF, and publishes the keys to check them with."""

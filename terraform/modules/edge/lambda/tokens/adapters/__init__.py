"""The ports, by AWS and MongoDB: thin, and the only code that knows either."""

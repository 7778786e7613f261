"""What both functions know: the vocabulary of tokens, key sets, settings, logs."""

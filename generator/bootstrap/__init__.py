"""From an empty cluster to one that syncs itself: `make bootstrap`. Looks first, so it may end anywhere.

checks      everything that must be there before, all of it in one run
steps       what is made, in order
waiting     until every release is as Git has it, or why not
"""

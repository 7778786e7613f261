"""Empties a cluster in the order that leaves nothing behind: `make teardown`. May end anywhere.

checks         whether this may be done at all, and whether what must help is there
plan           what there is, for a person to agree to
steps          the order
waiting        until objects are gone; or which are not, and whom they wait for
"""

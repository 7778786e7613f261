"""Everything that Argo CD applies to an environment, rendered as Argo CD renders it, and checks of all of it.

A repository is given by its root, so that copies with a mistake in them can be judged too.
"""

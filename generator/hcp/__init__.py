"""HCP Terraform before it can run anything: what `make hcp-bootstrap` asks of its API, and makes there.

The stack `workspaces` makes every workspace but its own. That one, its project and its credential are made
here, from the same rendered variables: settings -> client -> checks and makers -> steps. Nothing prints.
"""

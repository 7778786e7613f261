"""Terraform providers that cannot be had where the tests run, served to the real terraform by a stand-in.

schema     a provider's schema, and how it is kept in a file
wheel      recovers a schema from the provider's CDK wheel, which is Python and so on every package index
notation   reads what a newer version of the provider has otherwise, from the YAML beside this
setup      gets the wheels and the packages, once, and lays the stand-in where `terraform init` finds it
values     what a schema makes of a resource's values: what is known, what is left open
world      what was applied, in a file that outlives the commands; a test may look into it and change it
provider   the rules of a provider, if only that everything is taken as it is told
atlas      the rules of MongoDB Atlas that terraform/ relies on
tfe        the rules of HCP Terraform that terraform/ relies on
server     the plugin protocol around it; runs in a virtual environment of its own
"""

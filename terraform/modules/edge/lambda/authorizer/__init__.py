"""The Lambda authorizer: may this request reach the workload that the route leads to?

No network, no AWS, no state: the public keys and the routes are settings.
"""

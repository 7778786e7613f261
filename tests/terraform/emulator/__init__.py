"""AWS for tests: moto's server, with what it lacks for this platform, and a record of every call.

moto validates little, so an apply that succeeds here does not prove that AWS accepts it. Where a fix is
needed, the module of that service says what moto 5.2.5 does wrong.
"""

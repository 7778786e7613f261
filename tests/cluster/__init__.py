"""Tests of the commands that ask and change a cluster, and the stand-in for one."""

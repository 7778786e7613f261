"""What tests of terraform/ need: the real terraform, what a folder declares, and an AWS."""

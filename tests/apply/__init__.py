"""The platform stack applied to an AWS emulator, changed as in its life, and destroyed."""

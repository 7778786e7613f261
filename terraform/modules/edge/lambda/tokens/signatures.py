"""Signatures as KMS gives them, and as a token wants them."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

HALF = 32  # bytes of r, and of s, for P-256


def raw(der: bytes) -> bytes:
    """Return r and s, each padded to 32 bytes (RFC 7518, section 3.4), of an ECDSA signature in DER.

    Raises:
        ValueError: it is no such signature.
    """
    try:
        return b"".join(number.to_bytes(HALF, "big") for number in decode_dss_signature(der))
    except OverflowError as error:
        raise ValueError("a number of more than 32 bytes") from error

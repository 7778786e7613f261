"""From DER, as KMS answers, to the 64 bytes of a token."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fakes import keys
from tokens import signatures

NUMBERS = st.integers(1, 2**256 - 1) | st.integers(0, 31).map(lambda byte: 1 << 8 * byte)
KEY = keys.new("k")


@settings(derandomize=True, max_examples=500, deadline=None)
@given(NUMBERS, NUMBERS)
@example(1, 1)
@example(0x7F, 0x80)
@example(2**255, 2**255 - 1)
@example(2**256 - 1, 2**248)
@example(2**248 - 1, 2**247)
def test_every_pair_of_numbers_has_its_64_bytes(r: int, s: int) -> None:
    raw = signatures.raw(encode_dss_signature(r, s))
    assert (int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")) == (r, s)
    assert len(raw) == 64


def test_short_and_high_numbers_come_up_in_real_signatures() -> None:
    lengths = set()
    for attempt in range(20_000):
        der = KEY.der(str(attempt).encode())
        raw = signatures.raw(der)
        assert encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")) == der
        lengths.add((min(decode_dss_signature(der)).bit_length() <= 248, raw[0] > 127, raw[32] > 127))
        if len(lengths) > 5:
            return
    raise AssertionError(lengths)


@pytest.mark.parametrize(
    "der",
    [
        b"",
        b"\x30",
        bytes(64),
        encode_dss_signature(1, 1)[:-1],
        encode_dss_signature(1, 1) + b"\0",
        encode_dss_signature(2**256, 1),
        bytes.fromhex("30060201010201ff"),  # s is -1
        bytes.fromhex("300702010102020001"),  # a zero that DER has not
    ],
)
def test_what_is_no_signature_is_refused(der: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever it is that the library says
        signatures.raw(der)

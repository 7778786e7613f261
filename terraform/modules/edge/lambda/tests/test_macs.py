"""HMACs: one for each CPF, address and code, and none that stands for two."""

from __future__ import annotations

import pytest

from tokens import cpf
from tokens.macs import Macs

MACS, OTHER = Macs(key=b"k" * 32), Macs(key=b"o" * 32)


def of(digits: str) -> cpf.Cpf:
    found = cpf.parse(digits)
    assert found is not None
    return found


def test_a_code_counts_for_one_subject() -> None:
    """Whoever may write to the table cannot move a code to another customer."""
    assert MACS.code("a", "12345678") != MACS.code("b", "12345678")
    assert MACS.code("a", "12345678") == MACS.code("a", "12345678")


def test_kinds_do_not_mix_and_keys_matter() -> None:
    digits = "52998224725"
    found = [MACS.cpf(of(digits)), OTHER.cpf(of(digits)), MACS.code("", digits), MACS.address("192.0.2.1")]
    assert len(set(found)) == len(found)
    assert all(len(mac) == 64 and digits not in mac for mac in found)


def test_an_address_has_one_mac_however_it_is_written() -> None:
    assert MACS.address("::ffff:192.0.2.1") == MACS.address("192.0.2.1")
    assert MACS.address("2001:DB8::1") == MACS.address("2001:db8:0:0:ffff::")
    assert MACS.address("2001:db8::1") != MACS.address("2001:db8:0:1::1")
    assert MACS.address("192.0.2.1") != MACS.address("192.0.2.2")


def test_a_key_shows_itself_to_nobody() -> None:
    assert "kkk" not in repr(MACS)


@pytest.mark.parametrize("text", ["", "localhost", "192.0.2.1/24", "192.0.2.01"])
def test_what_is_no_address_has_none(text: str) -> None:
    with pytest.raises(ValueError, match="not appear to be"):
        MACS.address(text)

"""CPFs: check digits, the two spellings, and everything that is neither."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokens import cpf

NINE = st.text(alphabet="0123456789", min_size=9, max_size=9).filter(lambda digits: len(set(digits)) > 1)


@pytest.mark.parametrize("text", ["52998224725", "529.982.247-25", "111.444.777-35", "00000000191"])
def test_a_cpf_is_read_in_both_spellings(text: str) -> None:
    found = cpf.parse(text)
    assert found is not None
    assert found.digits == text.replace(".", "").replace("-", "")


@settings(derandomize=True, max_examples=50, deadline=None)
@given(NINE)
def test_of_all_check_digits_one_pair_is_right(nine: str) -> None:
    right = [f"{pair:02}" for pair in range(100) if cpf.parse(f"{nine}{pair:02}")]
    assert right == [cpf.check_digits(nine)]


@pytest.mark.parametrize("digit", "0123456789")
def test_eleven_times_one_digit_is_nobody(digit: str) -> None:
    assert cpf.parse(digit * 11) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "52998224724",
        "5299822472",
        "529982247250",
        "529.982.247/25",
        "529.98224725",
        "529-982-247-25",
        " 52998224725",
        "52998224725\n",
        "52998224725\0",
        "5299822472\u0665",
        "\uff15\uff12\uff19\uff19\uff18\uff12\uff12\uff14\uff17\uff12\uff15",
        "\u0665\u0662\u0669\u0669\u0668\u0662\u0662\u0664\u0667\u0662\u0665",
        "\u0665\u0662\u0669\u0669\u0668\u0662\u0662\u0664\u066725",
        "5299822472²",
        "+5299822472",
        "5_2998224725",
    ],
)
def test_anything_else_is_no_cpf(text: str) -> None:
    assert cpf.parse(text) is None


def test_a_cpf_does_not_show_itself() -> None:
    assert "5299" not in repr(cpf.parse("52998224725"))

"""What is printed has a shape: nothing moves the cursor or hides."""

from edgeadapt.diagnostics.printable import printable


def test_a_tab_is_four_blanks_and_what_has_no_shape_gets_a_sign() -> None:
    assert printable("a\tb\x1b[2J\u202e\ud800\n") == "a    b\ufffd[2J\ufffd\ufffd\ufffd"


def test_a_text_with_shapes_only_stays() -> None:
    assert printable("70 °C, 温度") == "70 °C, 温度"

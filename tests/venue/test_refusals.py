from radtui.venue.refusals import VenueRefusal


def test_a_refusal_carries_its_code_and_says_both() -> None:
    refusal = VenueRefusal("300003", "make it smaller")
    assert (refusal.code, refusal.message, str(refusal)) == ("300003", "make it smaller", "300003: make it smaller")

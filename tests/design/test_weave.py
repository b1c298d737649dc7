from hashlib import sha256

import pytest

from provenance.weave import ENDS, draft, weave_svg

DIGEST = sha256(b"tapestry").hexdigest()


def flip(digest, bit):
    return f"{int(digest, 16) ^ (1 << bit):064x}"


def difference(one, other):
    pairs = zip(draft(one).surface(), draft(other).surface(), strict=True)
    return sum(a != b for row, other_row in pairs for a, b in zip(row, other_row, strict=True))


def test_the_same_digest_always_weaves_the_same_cloth():
    assert weave_svg(DIGEST) == weave_svg(f"sha256:{DIGEST.upper()}")


def test_one_changed_bit_changes_a_fifth_of_the_cloth_or_more():
    assert min(difference(DIGEST, flip(DIGEST, bit)) for bit in range(256)) >= ENDS * ENDS / 5


def test_no_thread_of_any_cloth_lies_loose():
    for number in range(100):
        lifts = draft(sha256(bytes([number])).hexdigest()).lifts
        assert all(any(thread) and not all(thread) for thread in [*lifts, *zip(*lifts, strict=True)])


def test_the_cloth_mirrors_in_both_directions():
    surface = draft(DIGEST).surface()
    assert surface == surface[::-1]
    assert all(row == row[::-1] for row in surface)


def test_a_mark_without_a_title_is_hidden_and_one_with_a_title_is_an_image():
    assert 'aria-hidden="true"' in weave_svg(DIGEST)
    mark = weave_svg(DIGEST, title="Base <7>")
    assert 'role="img"' in mark
    assert "<title>Base &lt;7&gt;</title>" in mark


def test_a_mark_needs_no_style_attribute_that_our_policy_would_refuse():
    assert "style" not in weave_svg(DIGEST)


def test_nothing_weaves_no_mark():
    with pytest.raises(ValueError, match="digest"):
        weave_svg(" sha256:")

"""WCAG 2.2 contrast of the colour tokens, computed from the stylesheet itself."""

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).parents[2] / "static/css/tokens.css"
PAIR = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)")
COLOURS = {name: pair for name, *pair in PAIR.findall(TOKENS.read_text())}
INKS = ["ink", "ink-soft", "action", "action-strong", "good", "active", "attention", "bad", "quiet"]
TIERS = ["tier-open", "tier-train-only", "tier-local-only", "tier-private"]


def luminance(colour):
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("surface", ["paper", "sheet", "sunk"])
@pytest.mark.parametrize("ink", INKS + TIERS)
def test_words_in_every_ink_can_be_read_on_every_surface(ink, surface, theme):
    assert contrast(COLOURS[ink][theme], COLOURS[surface][theme]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("surface", ["paper", "sheet"])
def test_the_edges_of_fields_can_be_seen(surface, theme):
    assert contrast(COLOURS["rule-strong"][theme], COLOURS[surface][theme]) >= 3


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("fill", ["action", "action-strong", "bad"])
def test_the_words_on_buttons_can_be_read(fill, theme):
    assert contrast(COLOURS["on-action"][theme], COLOURS[fill][theme]) >= 4.5

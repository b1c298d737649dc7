"""A person without a mouse: Tab until something has the focus, then type, choose or press."""

from typing import Final

from playwright.sync_api import Page

MOST_TABS: Final = 120
FOCUSED: Final = "selector => document.activeElement?.matches(selector) ?? false"


class Keyboard:
    """Moves over a page by keys alone. What Tab does not reach fails the test that wanted it."""

    def __init__(self, page: Page) -> None:
        self.page, self.strokes = page, 0

    def hit(self, key: str) -> None:
        """Press one key."""
        self.page.keyboard.press(key)
        self.strokes += 1

    def reach(self, selector: str) -> None:
        """Press Tab until what has the focus matches."""
        for _ in range(MOST_TABS):
            if self.page.evaluate(FOCUSED, selector):
                return
            self.hit("Tab")
        raise AssertionError(f"Tab never reaches {selector} on {self.page.url}")

    def write(self, name: str, text: str) -> None:
        """Put a text into the field of this name, in place of what stands there."""
        self.reach(f"[name={name}]")
        self.hit("Control+A")
        self.enter(text)

    def enter(self, text: str) -> None:
        """Paste a text where the cursor is."""
        self.page.keyboard.insert_text(text)
        self.strokes += 1

    def choose(self, name: str, value: str) -> None:
        """Choose one of several radio buttons: Tab leads to the group, arrows lead through it."""
        self.reach(f"input[type=radio][name={name}]")
        self.hit("Space")
        for _ in range(20):
            if self.page.evaluate(FOCUSED, f"[value='{value}']"):
                return
            self.hit("ArrowDown")
        raise AssertionError(f"{name} offers no {value}")

    def tick(self, name: str, value: str = "on") -> None:
        """Tick the box of this name and value."""
        self.reach(f"input[type=checkbox][name={name}]" + (f"[value='{value}']" if value != "on" else ""))
        self.hit("Space")

    def unfold(self, name: str) -> None:
        """Open the group of optional questions that the field of this name is in."""
        self.reach(f"details:has([name={name}]) > summary")
        self.hit("Enter")

    def press(self, selector: str) -> None:
        """Reach a button or a link and press Enter; the next page is there when this returns."""
        self.reach(selector)
        with self.page.expect_navigation():
            self.hit("Enter")


class Typist(Keyboard):
    """Who writes every letter; only what a program printed is pasted."""

    pasted: Final = 400  # letters: nobody types a manifest

    def enter(self, text: str) -> None:
        """Type a text letter by letter."""
        if len(text) > self.pasted:
            super().enter(text)
            return
        self.page.keyboard.type(text)
        self.strokes += len(text)

"""A person without a mouse: Tab until something has the focus, then type, choose or press."""

from typing import Final

from playwright.sync_api import Page

MOST_TABS: Final = 120
FOCUSED: Final = "selector => document.activeElement?.matches(selector) ?? false"


class Keyboard:
    """Moves over a page by keys alone. What Tab does not reach fails the test that wanted it."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def reach(self, selector: str) -> None:
        """Press Tab until what has the focus matches."""
        for _ in range(MOST_TABS):
            if self.page.evaluate(FOCUSED, selector):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab never reaches {selector} on {self.page.url}")

    def write(self, name: str, text: str) -> None:
        """Type into the field of this name, in place of what stands there."""
        self.reach(f"[name={name}]")
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)

    def choose(self, name: str, value: str) -> None:
        """Choose one of several radio buttons: Tab leads to the group, arrows lead through it."""
        self.reach(f"input[type=radio][name={name}]")
        self.page.keyboard.press("Space")
        for _ in range(20):
            if self.page.evaluate(FOCUSED, f"[value='{value}']"):
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{name} offers no {value}")

    def tick(self, name: str, value: str = "on") -> None:
        """Tick the box of this name and value."""
        self.reach(f"input[type=checkbox][name={name}]" + (f"[value='{value}']" if value != "on" else ""))
        self.page.keyboard.press("Space")

    def unfold(self, number: int = 1) -> None:
        """Open the group of optional questions that stands at this place among those of the page."""
        self.reach(f"form details:nth-of-type({number}) > summary")
        self.page.keyboard.press("Enter")

    def press(self, selector: str) -> None:
        """Reach a button or a link and press Enter; the next page is there when this returns."""
        self.reach(selector)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

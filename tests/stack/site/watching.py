"""What a browser says about a page when nobody looks: consoles, scripts, refused or failed requests."""

from playwright.sync_api import ConsoleMessage, Page, Request, Response


class Watcher:
    """Collects complaints: console errors (a broken content security policy is one), exceptions, failures."""

    def __init__(self) -> None:
        self.complaints: list[str] = []

    def listen(self, page: Page, expected: set[int]) -> None:
        """Hear this page from now on; a refusal with one of these statuses is what the test is about."""

        def said(message: ConsoleMessage) -> None:
            wanted = any(f"status of {status} " in message.text for status in expected)
            if message.type in {"error", "warning"} and not wanted:
                self.complaints.append(f"{page.url}: {message.text}")

        def answered(response: Response) -> None:
            if response.status >= 400 and response.status not in expected:
                self.complaints.append(f"{response.status} {response.url}")

        def failed(request: Request) -> None:
            # A request that the reader's next step cut off is nobody's fault.
            if request.failure != "net::ERR_ABORTED":
                self.complaints.append(f"{request.failure} {request.url}")

        page.on("console", said)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("response", answered)
        page.on("requestfailed", failed)

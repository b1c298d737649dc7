"""What a steward's browser sends in the tests of the proposal form."""

import json

from django.test import Client

from catalog.proposals.models import Proposal

ABOUT = {
    "text_languages": "en vi",
    "title_en": "Letters of the delta",
    "summary_en": "Letters, one a line.",
    "description_en": "Collected by their writers.",
    "title_vi": "Thư của đồng bằng",
    "artifact_type": "pre-training",
    "modality": "text",
}
COVERAGE = {
    "languages": "vi, VI en",
    "shares": "vi 60; EN 40 %",
    "represents": "Writers of the delta",
    "themes": ["EDUC"],
}


def begin(browser: Client) -> Proposal:
    """Start a draft of the only member that the browser's person stewards."""
    answer = browser.post("/proposals/new/", {"member": "archive"})
    return Proposal.objects.get(pk=answer["Location"].split("/")[2])


def address(draft: Proposal, step: str) -> str:
    return f"{draft.get_absolute_url()}edit/{step}/"


class Window:
    """One step open in a browser: it knows what it was shown, as its hidden fields do."""

    def __init__(self, browser: Client, draft: Proposal, step: str) -> None:
        self.browser, self.address = browser, address(draft, step)
        form = browser.get(self.address).context["form"]
        self.hidden = {name: str(form[name].value() or "") for name in ("revision", "base")}

    def press(self, **answers: object):
        """Press "save"; an answer that goes on or explains itself."""
        answer = self.browser.post(self.address, {**self.hidden, **answers})
        if answer.context and "form" in answer.context:
            form = answer.context["form"]
            self.hidden = {name: str(form[name].value()) for name in self.hidden}
        return answer

    def autosave(self, **answers: object) -> dict:
        """Send what the script sends, take what it takes."""
        headers = {"X-Autosave": "1", "Accept": "application/json"}
        answer = self.browser.post(self.address, {**self.hidden, **answers}, headers=headers)
        assert answer.status_code == 200, answer.content
        told = json.loads(answer.content)
        self.hidden = {name: str(told[name]) for name in self.hidden}
        return told

from catalog.notifications.waiting import waiting_for
from provenance.actors import Actor


def asked_of(reader: Actor, noun: str) -> list[str]:
    """What waits for somebody about things of one kind, such as nodes."""
    return [one.sentence for one in waiting_for(reader) if one.subject.startswith(f"{noun}:")]

"""One entry whose every text is a canary of its level, in one tier and one state."""

import uuid

from catalog.batches.reading import read_table
from catalog.batches.services import set_columns, start_batch
from catalog.batches.working import run_batch
from catalog.datasets.models import Dataset
from catalog.members.models import Member, Role
from catalog.pages.proposals.steps import STEPS
from catalog.proposals.models import Proposal
from catalog.proposals.services import attach_upload, submit_proposal
from catalog.review.models import Verdict
from catalog.review.services import appeal, open_thread, reply, review_proposal, speak_on_appeal
from catalog.tiers import Tier, may_store_bytes
from catalog.uploads.services import start_upload
from provenance.actors import Actor
from tests.factories import approve, make_actor, make_draft, make_member
from tests.leaks.canaries import Level, Planted, canary


def plant(tier: str, state: str, owner: Member, steward: Actor) -> Planted:
    """A draft or a published entry; whoever plants withdrawn ones withdraws them."""
    planted = Planted(tier, state, {})
    if tier == Tier.PRIVATE:
        _, proposal = make_draft("private", member=owner, actor=steward)
        planted.canaries = {Level.EXISTENCE: [str(proposal.pk), proposal.record["commitment"][:12]]}
    else:
        planted.canaries = {level: [canary(level)] for level in Level if level is not Level.REQUEST}
        proposal = _describe(planted, owner, steward)
    _fill_places(planted, proposal, owner)
    if state == "draft":
        planted.canaries[Level.EXISTENCE] += [str(proposal.pk)]
        if tier != Tier.PRIVATE:
            planted.places["batch"] = _tabled(planted, owner, steward)
        if may_store_bytes(Tier(tier)):
            upload = start_upload(actor=steward, proposal=proposal, path="more.txt", size=10, language="vi")
            planted.places["upload_id"] = upload.pk
        else:
            planted.canaries.pop(Level.COLUMNS, None)
        return planted
    # Steps are for drafts; what was handed in answers none of them, before it looks at which was asked for.
    planted.places["step"] = STEPS[0].slug
    _publish(planted, proposal, steward)
    return planted


def _describe(planted: Planted, owner: Member, steward: Actor) -> Proposal:
    words = {level: each[0] for level, each in planted.canaries.items()}
    details = words[Level.DETAILS]
    text = f"{words[Level.BYTES]} mọi người sinh ra đều được tự do\n".encode()
    _, proposal = make_draft(
        planted.tier,
        member=owner,
        actor=steward,
        slug=f"entry-{words[Level.EXISTENCE]}",
        texts={"vi": text},
        title={"en": f"Songs {words[Level.TITLE]}"},
        summary={"en": f"In short {words[Level.SUMMARY]}"},
        description={"en": f"At length {details}"},
        origin=f"From {details}",
        consent=f"Granted by {details}",
        contact={"name": f"An {details}", "email": f"{details}@example.org"},
    )
    if may_store_bytes(Tier(planted.tier)):
        table = f"{words[Level.COLUMNS]},number\n{words[Level.BYTES]},1\n".encode()
        proposal = attach_upload(
            actor=steward, proposal=proposal, path="table.csv", language="vi", chunks=[table]
        )
    else:
        planted.canaries.pop(Level.COLUMNS)
    planted.canaries[Level.MANIFEST] += [file["sha256"][:12] for file in proposal.files]
    return proposal


def _tabled(planted: Planted, owner: Member, steward: Actor) -> uuid.UUID:
    """A table whose one row says the same as the draft, and can not be read: its texts wait for a repair."""
    words = {level: each[0] for level, each in planted.canaries.items()}
    cells = (
        f"Songs {words[Level.TITLE]}",
        f"In short {words[Level.SUMMARY]}",
        f"From {words[Level.DETAILS]}",
    )
    table = f"title,summary,origin,tier\n{','.join(cells)},none of them\n".encode()
    batch = start_batch(actor=steward, member=owner, name=f"{cells[0]}.csv", table=read_table("t", table))
    set_columns(actor=steward, batch=batch, columns=dict(batch.columns))
    run_batch(batch.pk)
    return batch.pk


def _publish(planted: Planted, proposal: Proposal, steward: Actor) -> None:
    if planted.tier == Tier.PRIVATE:
        submit_proposal(actor=steward, proposal=proposal)
    else:
        _review(planted, proposal, steward)
    proposal.refresh_from_db()
    dataset = Dataset.objects.get(pk=proposal.dataset_id)
    planted.canaries[Level.EXISTENCE] += [dataset.newest.digest[:12]]
    if planted.tier == Tier.PRIVATE:
        planted.canaries[Level.EXISTENCE] += [dataset.slug]
    planted.places["slug"] = dataset.slug


def _review(planted: Planted, proposal: Proposal, steward: Actor) -> None:
    """Everything that a review can say, each time with a word of its own: rejected, appealed, approved."""
    words = {name: canary(name) for name in ("answer", "thread", "comment", "note", "grounds", "voice")}
    planted.canaries[Level.DETAILS] += words.values()
    proposal = submit_proposal(actor=steward, proposal=proposal, answer=words["answer"])
    thread = open_thread(actor=steward, proposal=proposal, field="origin", text=words["thread"])
    reply(actor=steward, thread=thread, text=words["comment"])
    planted.places["thread_id"] = thread.pk
    for _ in range(2):
        speaker = make_actor(make_member(), Role.MAINTAINER)
        review_proposal(actor=speaker, proposal=proposal, verdict=Verdict.REJECT, note=words["note"])
    made = appeal(actor=steward, proposal=proposal, grounds=words["grounds"])
    planted.places["appeal_id"] = made.pk
    for _ in range(2):
        judge = make_actor(make_member(), Role.MAINTAINER)
        speak_on_appeal(actor=judge, appeal=made, upholds=True, note=words["voice"])
    approve(proposal, note=words["note"])


def _fill_places(planted: Planted, proposal: Proposal, owner: Member) -> None:
    file = proposal.files[0] if proposal.files else {"path": "none.txt", "sha256": "0" * 64}
    words = planted.canaries.get(Level.TITLE) or [proposal.record["commitment"]]
    planted.places |= {
        "slug": proposal.slug,
        "key": proposal.pk,
        "number": 1,
        "path": file["path"],
        "sha256": file["sha256"],
        "word": words[0],
        "tier": planted.tier,
        "member": owner.slug,
    }

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.members.models import Member, User
from provenance.actors import Actor, ActorKind
from provenance.states import append_only, guard
from training.nodes.states import TRANSITIONS, NodeState


class Node(models.Model):
    """Compute that a member operates. Its key is made there; the coordinator knows the public half only."""

    class Form(models.TextChoices):
        ATTACHED = "attached", _("attached: works from the coordinator's broker")
        SOVEREIGN = "sovereign", _("sovereign: only ever calls out")

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="nodes")
    did = models.CharField(max_length=200, unique=True)
    form = models.CharField(max_length=12, choices=Form)
    state = models.CharField(max_length=12, choices=NodeState, default=NodeState.PENDING)
    jurisdiction = models.CharField(max_length=2, help_text=_("ISO 3166-1 alpha-2: where the machine stands"))
    capabilities = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_seen_at = models.DateTimeField(null=True, blank=True)
    program = models.CharField(max_length=40, blank=True, help_text=_("name and version of what it runs"))
    protocol = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text=_("of its last request; see training.api.protocol")
    )

    class Meta:
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(condition=Q(did__startswith="did:key:z6Mk"), name="node_did_ed25519")
        ]
        triggers = [guard("node_moves", TRANSITIONS)]

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        """Return the address of its page."""
        return f"/nodes/{self.slug}/"

    @property
    def actor(self) -> Actor:
        """The node as an actor: it belongs to its member and holds no person's role."""
        roles = frozenset({(self.member.slug, "node")})
        return Actor(ActorKind.NODE, self.did, self.slug, roles, self.pk)

    @property
    def queue(self) -> str:
        """Name of the Celery queue that an attached node's worker listens on."""
        return f"node.{self.slug}"


class NodeKey(models.Model):
    """A key that a node signed with. Statements of before stay verifiable after a rotation.

    ``Node.did`` is the one in force. A key that was rotated signs nothing new, but finishes what names it: a
    manifest is addressed to one key, and so is what the node says about it.
    """

    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="keys")
    did = models.CharField(max_length=200, unique=True)
    since = models.DateTimeField(auto_now_add=True)
    until = models.DateTimeField(null=True, blank=True, help_text=_("rotated at"))
    rotation = models.JSONField(
        default=dict, blank=True, help_text=_("envelope by which the key before named this one")
    )

    class Meta:
        ordering = ["node", "since"]
        constraints = [
            models.UniqueConstraint(
                fields=["node"], condition=Q(until__isnull=True), name="one_key_in_force_per_node"
            )
        ]

    def __str__(self) -> str:
        return self.did


class BuildReport(models.Model):
    """What a member chose to say of a sovereign build on its own node. Nothing in it is asked for."""

    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="build_reports")
    key = models.UUIDField(unique=True, help_text=_("the node's own number of the build"))
    kind = models.CharField(max_length=20, blank=True)
    base = models.ForeignKey(
        "training.Checkpoint", null=True, blank=True, on_delete=models.PROTECT, related_name="builds"
    )
    said = models.JSONField(default=dict, help_text=_("of: state, steps, tokens, seconds, joules, last_loss"))
    reported_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-reported_at", "id"]

    def __str__(self) -> str:
        return f"build {self.key} on {self.node}"


class NodeApproval(models.Model):
    """One maintainer's consent that a node takes part. Append-only."""

    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="approvals")
    maintainer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["node", "member"], name="node_approval_once_per_member")
        ]
        triggers = [append_only("node_approval_append_only")]

    def __str__(self) -> str:
        return f"{self.maintainer} approves {self.node}"

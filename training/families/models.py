from django.db import models
from django.utils.translation import gettext_lazy as _

from provenance.states import append_only


class ModelFamily(models.Model):
    """Models of one architecture and one tokenizer, whose bases follow one another round by round."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    architecture = models.JSONField(help_text=_("closed list of Llama settings; training.merge.initial"))
    tokenizer = models.CharField(max_length=80, default="bytes")
    seed = models.PositiveBigIntegerField(help_text=_("of the initial weights"))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["slug"]
        verbose_name_plural = _("model families")
        triggers = [append_only("family_append_only")]

    def __str__(self) -> str:
        return self.name

from typing import Any, ClassVar

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    """Makes people by their e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a person; the address is compared without regard to case."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create an operator: keeps the machine running and takes no decision (INV-7)."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find a person by address whatever its case."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person. What they may do comes from memberships alone, never from ``is_superuser``."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now)

    objects = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.name or self.email


class Member(models.Model):
    """An organisation of the consortium: it has voice, sovereignty and exit rights."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    region = models.CharField(max_length=80)
    country = models.CharField(max_length=2, help_text=_("ISO 3166-1 alpha-2"))
    about = models.JSONField(default=dict, help_text=_("text per language"))
    homepage = models.URLField(blank=True)
    joined_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the path of the member's page."""
        return f"/members/{self.slug}/"


class Role(models.TextChoices):
    """What a person does for a member (FIELD.md §1). All members vote on who is a community reviewer."""

    STEWARD = "steward", _("data steward")
    MAINTAINER = "maintainer", _("maintainer")
    RESEARCHER = "researcher", _("researcher")
    COMMUNITY = "community", _("community reviewer")


class Membership(models.Model):
    """One role of one person at one member."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["member", "role", "user"]
        constraints = [models.UniqueConstraint(fields=["user", "member", "role"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.user} – {self.get_role_display()} – {self.member}"

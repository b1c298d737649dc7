"""The forms of the account pages, named by `ACCOUNT_FORMS`: allauth's checks under our labels."""

from types import new_class
from typing import Any, ClassVar

from allauth.account import forms as theirs
from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CURRENT_PASSWORD = frozenset({"password", "oldpassword"})


class Reworded(forms.Form):
    """Sets labels, and takes away the placeholders, which only repeat them."""

    labels: ClassVar[dict[str, str | Promise]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name in self.labels:
                field.label = self.labels[name]  # type: ignore[assignment]  # a Promise shows as text
            if name in CURRENT_PASSWORD:
                field.help_text = ""  # account/forgotten.html stands below the field instead


def _reworded(form: type[forms.BaseForm], **labels: str | Promise) -> type[forms.BaseForm]:
    named = {"labels": labels, "__module__": __name__}
    return new_class(form.__name__, (Reworded, form), exec_body=lambda body: body.update(named))


_ADDRESS = _("E-mail address")
_NEW = {"password1": _("New password"), "password2": _("New password, once more")}

SignIn = _reworded(
    theirs.LoginForm, login=_ADDRESS, password=_("Password"), remember=_("Stay signed in on this device")
)
AddAddress = _reworded(theirs.AddEmailForm, email=_("New e-mail address"))
ChangePassword = _reworded(theirs.ChangePasswordForm, oldpassword=_("Current password"), **_NEW)
SetPassword = _reworded(theirs.SetPasswordForm, **_NEW)
ResetPassword = _reworded(theirs.ResetPasswordForm, email=_ADDRESS)
ChoosePassword = _reworded(theirs.ResetPasswordKeyForm, **_NEW)
ConfirmPerson = _reworded(theirs.ReauthenticateForm, password=_("Password"))
AskForCode = _reworded(theirs.RequestLoginCodeForm, email=_ADDRESS)
WriteCode = _reworded(theirs.ConfirmLoginCodeForm, code=_("Code"))

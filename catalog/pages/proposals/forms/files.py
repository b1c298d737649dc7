"""Step "files": bytes of open and train-only data, or a manifest of what stays with the member."""

import json
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.datasets.files import MOST_FILES
from catalog.pages.proposals.forms.base import CatalogForm
from catalog.pages.proposals.forms.coverage import valid_language

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

MOST_UPLOADS = 50


class SeveralFiles(forms.ClearableFileInput):
    """A file input that takes several at once."""

    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """Reads all files of the input; each is checked as a single one would be."""

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[Any]]":
        """Return the files in the order in which they were chosen."""
        chosen = data if isinstance(data, list | tuple) else [data]
        if len(chosen) > MOST_UPLOADS:
            raise forms.ValidationError(_("At most %(most)s files at once."), params={"most": MOST_UPLOADS})
        return [super(SeveralFilesField, self).clean(one, initial) for one in chosen]


class UploadForm(CatalogForm):
    """Files to store, and the language they are in."""

    file = SeveralFilesField(
        label=_("Files to upload"),
        help_text=_("Several at once, of one language. Each is kept under its sha256."),
        allow_empty_file=False,
        max_length=500,
        widget=SeveralFiles,
    )
    language = forms.CharField(
        label=_("Their language"),
        help_text=_("A language tag such as vi. Leave it empty where it does not apply."),
        required=False,
        max_length=35,
        validators=[valid_language],
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class ManifestForm(CatalogForm):
    """The manifest that the member's node computed; not a byte of the data."""

    manifest = forms.CharField(
        label=_("Manifest"),
        help_text=_(
            "What tapestry-node describe printed, signed by your node, with the facts that it computed."
            " Or a plain JSON list of objects with path, sha256, bytes, records, language and mediaType."
        ),
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false", "class": "code"}),
    )

    def clean_manifest(self) -> list[dict[str, Any]] | dict[str, Any]:
        """Return the list of files, or the envelope around a signed one; say where the JSON breaks."""
        try:
            read = json.loads(self.cleaned_data["manifest"])
        except json.JSONDecodeError as error:
            where = {"line": error.lineno, "column": error.colno, "reason": error.msg}
            raise forms.ValidationError(
                _("This is not JSON: line %(line)s, column %(column)s: %(reason)s."), params=where
            ) from None
        except (RecursionError, ValueError):
            raise forms.ValidationError(_("This JSON is not a list of files.")) from None
        if isinstance(read, dict) and "payloadType" in read:
            return read
        files = read.get("files") if isinstance(read, dict) else read
        if not isinstance(files, list) or not files or not all(isinstance(file, dict) for file in files):
            raise forms.ValidationError(_("The manifest is a list of files, each an object with its sha256."))
        if len(files) > MOST_FILES:
            raise forms.ValidationError(_("At most %(most)s files."), params={"most": MOST_FILES})
        return files

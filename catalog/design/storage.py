"""Static files with hashed names, the imports inside our JavaScript modules included."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage

# Django's own switch for this rewrites every .js file and stumbles over import lines in comments of
# other packages' files; ours keep to these two forms.
MODULE_IMPORTS = (
    (
        r'(?m)^(?P<matched>import (?P<names>[^"]+) from "(?P<url>\.[^"]+)";)$',
        'import %(names)s from "%(url)s";',
    ),
    (r'(?m)^(?P<matched>import "(?P<url>\.[^"]+)";)$', 'import "%(url)s";'),
)


class HashedModuleStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise is untyped
    """Rewrites `import` in static/js to hashed names, so that a browser may keep every file for ever.

    Set it as the `staticfiles` backend in STORAGES.
    """

    patterns = (*CompressedManifestStaticFilesStorage.patterns, ("js/*.js", MODULE_IMPORTS))

"""Static files with hashed names, the imports inside our JavaScript modules included."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedModuleStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise is untyped
    """Rewrites `import` in modules to hashed names, so that a browser may keep every file for ever."""

    support_js_module_import_aggregation = True

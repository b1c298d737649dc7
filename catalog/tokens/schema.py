"""How a personal token appears in the API's description. Importing this module registers it."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import build_bearer_security_scheme_object

from catalog.tokens.authentication import WORD


class PersonalTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The header ``Authorization: Token tap_…``."""

    target_class = "catalog.tokens.authentication.PersonalTokenAuthentication"
    name = "personalToken"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:  # noqa: ARG002
        """Return the scheme as the description shows it."""
        return build_bearer_security_scheme_object(header_name="Authorization", token_prefix=WORD)

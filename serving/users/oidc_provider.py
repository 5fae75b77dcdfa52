"""What the provider of OpenID Connect is asked, and whether its answers are believed: by Authlib, the extra [oidc].

What it says of itself and its keys is asked anew each time: people sign in seldom, and keys change.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote_plus

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from httpx import BasicAuth, Client, HTTPError
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from model.errors import Misconfigured, Unavailable
from serving.settings import Settings
from serving.users.oidc import NotSignedIn, Person, Way, roles_by_value

#: Signatures that a provider's key can be checked for; none of a shared secret, none of nobody.
_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
_SECONDS = 10.0
#: Seconds by which our clock and the provider's may differ.
_LEEWAY = 60


def authorization_url(settings: Settings, way: Way, redirect_uri: str) -> str:
    """Where the browser goes.

    Raises:
        Unavailable: when the provider does not answer.
    """
    return str(
        prepare_grant_uri(
            _about(settings)["authorization_endpoint"],
            settings.oidc_client_id,
            "code",
            redirect_uri=redirect_uri,
            scope=settings.oidc_scopes,
            state=way.state,
            nonce=way.nonce,
            code_challenge=create_s256_code_challenge(way.verifier),
            code_challenge_method="S256",
        )
    )


def person_of(settings: Settings, way: Way, code: str, redirect_uri: str) -> Person:
    """Who came back with this code.

    Raises:
        NotSignedIn. Unavailable: when the provider does not answer.
    """
    about = _about(settings)
    try:
        token = _token(settings, about["token_endpoint"], way, code, redirect_uri)
        claims = _verified(settings, token, _json(about["jwks_uri"]), way.nonce)
    except HTTPError as error:
        raise _away(error) from None
    except (JoseError, KeyError, ValueError) as error:
        raise NotSignedIn(type(error).__name__) from None
    name = str(claims.get("preferred_username") or claims.get("email") or claims["sub"])
    return Person(
        subject=f"{claims['iss']} {claims['sub']}",
        name=name,
        display_name=str(claims.get("name") or name),
        role=_role(settings, claims),
    )


def _verified(settings: Settings, token: Mapping[str, Any], keys: Any, nonce: str) -> Mapping[str, Any]:
    """The claims of the ID token (OpenID Connect Core 1.0, 3.1.3.7)."""
    decoded = jwt.decode(token["id_token"], KeySet.import_key_set(keys), algorithms=list(_ALGORITHMS))
    options = {
        "iss": {"essential": True, "value": settings.oidc_issuer},
        "aud": {"essential": True, "value": settings.oidc_client_id},
        "nonce": {"essential": True, "value": nonce},
    }
    expected = {"client_id": settings.oidc_client_id, "nonce": nonce, "access_token": token.get("access_token")}
    claims = CodeIDToken(decoded.claims, decoded.header, options, expected)
    claims.validate(leeway=_LEEWAY)
    return dict(claims)


def _role(settings: Settings, claims: Mapping[str, Any]) -> str | None:
    """By a claim that is a text or a list of texts; a dot leads into an object ("realm_access.roles")."""
    said: Any = claims
    for part in settings.oidc_roles_claim.split("."):
        said = said.get(part) if isinstance(said, Mapping) else None
    values = {said} if isinstance(said, str) else set(map(str, said)) if isinstance(said, list) else set()
    return next((role for role, value in roles_by_value(settings) if value in values), None)


def _token(settings: Settings, endpoint: str, way: Way, code: str, redirect_uri: str) -> Mapping[str, Any]:
    """What the provider gives for a code (RFC 6749, 4.1.3), to us and to nobody else."""
    asked = {"grant_type": "authorization_code", "code": code, "code_verifier": way.verifier}
    ours = map(quote_plus, (settings.oidc_client_id, settings.oidc_client_secret or ""))  # RFC 6749, 2.3.1
    with Client(timeout=_SECONDS, auth=BasicAuth(*ours)) as client:
        answer = client.post(endpoint, data={**asked, "redirect_uri": redirect_uri})
    if answer.is_client_error:
        raise NotSignedIn(f"the provider refuses the code with {answer.status_code}")
    token: Mapping[str, Any] = answer.raise_for_status().json()
    return token


def _about(settings: Settings) -> Mapping[str, Any]:
    """What the provider says of itself (OpenID Connect Discovery 1.0, 4)."""
    issuer = str(settings.oidc_issuer)
    try:
        about: Mapping[str, Any] = _json(issuer.rstrip("/") + "/.well-known/openid-configuration")
    except (HTTPError, ValueError) as error:
        raise _away(error) from None
    if about.get("issuer") != issuer:
        raise Misconfigured("HILUM_OIDC_ISSUER must be the issuer that the provider states, to the letter.")
    return about


def _json(url: str) -> Any:
    with Client(timeout=_SECONDS) as client:
        return client.get(url).raise_for_status().json()


def _away(error: Exception) -> Unavailable:
    return Unavailable(f"The provider must answer, but does not ({type(error).__name__}). Try again later.")

"""The JSON of accounts, sessions and keys, for the OpenAPI document."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Role = Literal["reader", "administrator", "integration"]
Scope = Literal["send", "read", "review", "configure"]
_Name = Annotated[str, Field(min_length=1, max_length=64, examples=["reader-7"])]
_Password = Annotated[str, Field(max_length=1024, description="12 to 128 characters, not the name")]
_Sites = Annotated[list[_Name], Field(max_length=100, description="Whose studies are seen; none: of all sites")]


class _Schema(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Provider(_Schema):
    name: str
    url: str = Field(description="Where the browser goes to sign in")


class WaysIn(_Schema):
    """How one signs in here."""

    password: bool
    oidc: Provider | None
    demo: bool = Field(description="Nobody signs in: everybody may do everything")
    first: bool = Field(description="There is no account yet; the service printed a link that makes the first one")


class Credentials(_Schema):
    name: str = Field(max_length=256)
    password: str = Field(max_length=1024)


class Session(_Schema):
    name: str
    display_name: str
    role: Role | None = Field(description="null: a key")
    rights: list[Scope]
    sites: list[str] = Field(description="Whose studies are seen; none: of all sites")
    csrf_token: str = Field(description="To send as X-CSRF-Token with what changes something; empty: not needed")
    demo: bool


class Welcome(_Schema):
    """The first thing that a person who was invited does."""

    token: str = Field(max_length=128, description="Of the link")
    name: _Name
    display_name: _Name | None = None
    password: _Password


class ChangedPassword(_Schema):
    password: str = Field(max_length=1024, description="The one until now")
    new_password: _Password


class Account(_Schema):
    name: str
    display_name: str
    role: Role
    sites: list[str]
    disabled: bool
    has_password: bool
    made_at: str
    signed_in_at: str | None


class Accounts(_Schema):
    users: list[Account]


class NewAccount(_Schema):
    name: _Name
    display_name: _Name | None = None
    role: Role
    sites: _Sites = []
    password: _Password | None = Field(default=None, description="Without one, they sign in by OpenID Connect only")


class ChangedAccount(_Schema):
    """What is left out stays."""

    display_name: _Name | None = None
    role: Role | None = None
    sites: _Sites | None = None
    disabled: bool | None = None
    password: _Password | None = None


class Key(_Schema):
    key_id: int
    name: str
    prefix: str = Field(description="How the key begins, behind hlm_", examples=["3f9a01bc"])
    scopes: list[Scope]
    sites: list[str]
    made_by: str
    made_at: str
    expires_at: str | None
    last_used_at: str | None = Field(description="To the minute")
    former_until: str | None = Field(description="Until when the secret before the last rotation is valid, too")


class KeyWithSecret(Key):
    secret: str = Field(description="The whole key; never shown again", examples=["hlm_3f9a01bc_..."])


class Keys(_Schema):
    keys: list[Key]


class NewKey(_Schema):
    name: _Name
    scopes: list[Scope] = Field(min_length=1)
    sites: _Sites = []
    days: int | None = Field(default=365, ge=1, le=3650, description="That it is valid; null: for ever")


class Rotation(_Schema):
    grace_hours: int = Field(default=24, ge=0, le=720, description="That the secret before stays valid")

"""A service that has users, and clients of it: people who are signed in, machines with a key."""

import ssl
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import httpx

from serving.settings import Settings
from serving.store.store import Store
from serving.users.managing import make_account, make_key
from serving.users.tokens import csrf_token
from serving.who import service
from tests.fakes import StubReader
from tests.serving.live import new_store, serving, working

PASSWORD = "a long enough sentence"
TEST = service("test")


@dataclass(frozen=True)
class Guarded:
    """A running service without demo mode."""

    settings: Settings
    store: Store
    #: Nobody is signed in.
    nobody: httpx.Client
    #: Closes what is made here.
    stack: ExitStack
    #: Whom clients believe.
    verify: ssl.SSLContext | bool = True

    def client(self, **options: object) -> httpx.Client:
        about = {"base_url": self.nobody.base_url, "timeout": 30, "verify": self.verify, **options}
        client = httpx.Client(**about)  # type: ignore[arg-type]
        return self.stack.enter_context(client)

    def person(self, name: str, role: str = "reader", sites: Sequence[str] = ()) -> httpx.Client:
        """A client of somebody who is signed in, with a new account; it proves what a page proves."""
        make_account(self.store, name=name, role=role, sites=sites, password=PASSWORD, who=TEST)
        return self.signed_in(name)

    def signed_in(self, name: str, password: str = PASSWORD) -> httpx.Client:
        client = self.client()
        answer = client.post("/api/session", json={"name": name, "password": password})
        assert answer.status_code == 200, answer.text
        client.headers["X-CSRF-Token"] = csrf_token(client.cookies["hilum_session"])
        return client

    def machine(self, name: str, *scopes: str, sites: Sequence[str] = ()) -> httpx.Client:
        """A client with a new key."""
        _, key = make_key(self.store, name=name, scopes=scopes, sites=sites, days=1, who=TEST)
        return self.client(headers={"Authorization": f"Bearer {key}"})

    def audit(self, action: str, *, success: bool = True) -> list[tuple[str, str, dict[str, object]]]:
        """Actor, object and details of each line."""
        rows = self.store.database.all("audit_trail", action=action)
        return [(row["actor"], row["object"], row["details"]) for row in rows if row["success"] is success]


@contextmanager
def guarded(
    reader: StubReader | None = None, *, verify: ssl.SSLContext | bool = True, **changes: object
) -> Iterator[Guarded]:
    """A service with a worker and without demo mode; ``changes`` are settings, ``verify`` whom its clients believe."""
    reader = reader or StubReader()
    with (
        new_store(**{"demo": False, **changes}) as (settings, store),
        working(settings, store, reader),
        serving(settings, store, reader.name, verify=verify) as nobody,
        ExitStack() as stack,
    ):
        yield Guarded(settings, store, nobody, stack, verify)

"""What a caller sees, and what they send: studies of their sites."""

from dataclasses import replace

from fastapi import Request

from serving.instances import Origin, Priority
from serving.services import Services
from serving.users.caller import caller_of
from serving.who import who_asks


def seen(services: Services, request: Request) -> Services:
    """The same, over a store that shows who asks the studies of their sites only."""
    return replace(services, store=services.store.seen_by(caller_of(request).sites))


def origin_of(request: Request, door: str, priority: Priority = Priority.ROUTINE) -> Origin:
    """How what somebody sends comes: routed by the name of their account or key."""
    caller = caller_of(request)
    sender = "" if caller.kind == "demo" else caller.name
    who = who_asks(request.scope)
    return Origin(door=door, sender=sender, sender_sites=caller.sites, priority=priority, who=who)

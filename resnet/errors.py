"""The one kind of error whose message a visitor reads; every other error is a fault and surfaces."""


class UserError(Exception):
    """What is wrong, what is allowed or what to do, in one sentence."""

"""Errors as AWS answers them."""

from __future__ import annotations


class AwsError(Exception):
    """An error of an API: its code, a status line and a message."""

    status = "400 Bad Request"

    def __init__(self, message: str) -> None:
        """Say what is wrong; the code is the class's name."""
        super().__init__(message)
        self.message = message

    @property
    def code(self) -> str:
        """The name that the API gives the error."""
        return type(self).__name__


class ResourceNotFoundException(AwsError):  # noqa: N818 - AWS's name
    """There is no such thing."""

    status = "404 Not Found"


class ResourceInUseException(AwsError):  # noqa: N818 - AWS's name
    """It exists already, or something hangs on it."""

    status = "409 Conflict"


class InvalidParameterException(AwsError):  # noqa: N818 - AWS's name
    """A value that the API refuses."""


class InvalidRequestException(AwsError):  # noqa: N818 - AWS's name
    """A call that the state of things does not allow."""

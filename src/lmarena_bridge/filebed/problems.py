"""What can go wrong with an upload or a link, each with its HTTP status and a stable code.

Every message says what happened and what to do; none holds a path, a key or a storage server's own words.
"""


class FileBedProblem(Exception):
    """A failure with a known reason; `status` and `code` are what callers may rely on."""

    status: int = 500
    code: str = "file_bed"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class BadUpload(FileBedProblem):
    """The body is broken, cut off or not what is documented."""

    status = 400
    code = "bad_upload"


class WrongKey(FileBedProblem):
    """The key is missing or wrong."""

    status = 401
    code = "invalid_api_key"

    def __init__(self) -> None:
        super().__init__(
            "Wrong or missing key. Send the file bed's key (file_bed_api_key in config.jsonc) as the field "
            "api_key, or as 'Authorization: Bearer KEY'."
        )


class NoSuchFile(FileBedProblem):
    """There is no such file, or not any more."""

    status = 404
    code = "no_such_file"

    def __init__(self) -> None:
        super().__init__("There is no such file here; files are removed when their time is over.")


class TooSlow(FileBedProblem):
    """The client sent nothing for too long."""

    status = 408
    code = "upload_too_slow"

    def __init__(self) -> None:
        super().__init__("The upload stood still for too long and was dropped. Send it again.")


class TooLarge(FileBedProblem):
    """More than one file may have."""

    status = 413
    code = "file_too_large"

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"The file is larger than the {limit} bytes that this file bed takes "
            "(file_bed_max_bytes, file_bed_quota_bytes)."
        )


class UnknownForm(FileBedProblem):
    """A content type or encoding that is not understood."""

    status = 415
    code = "unknown_upload_form"


class StorageFailed(FileBedProblem):
    """The storage did not answer, or refused."""

    status = 502
    code = "storage_failed"

    def __init__(self) -> None:
        super().__init__(
            "The file bed's storage does not work at the moment; nothing was kept. Try again in a moment; "
            "the file bed's log says more."
        )


class DiskFull(FileBedProblem):
    """No space is left where the files are kept."""

    status = 507
    code = "disk_full"

    def __init__(self) -> None:
        super().__init__(
            "No space is left where the file bed keeps its files; nothing was kept. Free some space, or let "
            "files go earlier (file_bed_keep_seconds, file_bed_quota_bytes)."
        )

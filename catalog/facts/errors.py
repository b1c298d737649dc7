"""Why a file is refused, and what is remarked about one that is not; each code has one sentence."""

from typing import Final

REFUSALS: Final = {
    "empty-file": "The file is empty. Choose the file that holds the data.",
    "only-whitespace": "The file holds nothing but white space. Choose the file that holds the data.",
    "unsafe-name": "The file's name holds control or direction characters that show a wrong name. Rename it.",
    "utf-16": "The text is in UTF-16 or UTF-32. Convert it to UTF-8, for instance with iconv.",
    "gzip-broken": "The gzip stream is truncated or damaged. Compress it again and check it with gzip -t.",
    "zstd-broken": "The zstd stream is truncated or damaged. Compress it again and check it with zstd -t.",
    "zstd-window": "The zstd stream needs too large a window. Compress it without --long or --ultra.",
    "ratio-too-high": "It unpacks to far more than its size, as bombs do. Compress the data less densely.",
    "unpacks-too-large": "Unpacked, it is larger than is allowed. Split it into several files.",
    "nested-too-deep": "Archives lie too deep inside one another. Unpack the inner ones and pack once.",
    "too-many-members": "The archive holds more files than is allowed. Join small files or split it.",
    "unsafe-path": "A path in the archive is absolute or leads out of it. Pack it again with relative paths.",
    "unsafe-member": "The archive holds a link, a device or a pipe. Pack plain files and folders only.",
    "duplicate-member": "The archive holds one path twice. Pack it again so that each path occurs once.",
    "encrypted": "The archive is encrypted, so that nobody can check it. Pack it without a password.",
    "zip-broken": "The zip archive is damaged or lies about sizes. Pack it again and check it with unzip -t.",
    "tar-broken": "The tar archive is truncated or damaged. Pack it again and check it with tar -t.",
    "parquet-broken": "The Parquet file is truncated or damaged. Write it again with a current library.",
    "arrow-broken": "The Arrow file is truncated or damaged. Write it again with a current library.",
    "warc-broken": "The WARC file holds no record that can be read. Write it again with a current tool.",
    "json-broken": "The file is not valid JSON. Check it with a JSON tool; one object a line is .jsonl.",
    "jsonl-broken": "No line of the file is valid JSON. Check that each line holds one JSON object.",
    "csv-broken": "The quotes in the table do not balance. Write it again with a CSV library.",
    "file-changed": "The file changed while it was read. Leave it alone and try again.",
    "file-unreadable": "The file cannot be opened or read. Check that it is there and may be read.",
    "inspection-crashed": "The inspection broke down on this file. Check the file with its own tools.",
    "inspection-out-of-memory": "It needs more memory than allowed. Split it, or write smaller row groups.",
    "inspection-timeout": "The inspection took longer than is allowed. Split the file.",
}

REMARKS: Final = {
    "invalid-utf-8": "Some bytes are not UTF-8; they count as errors and are read as replacement characters.",
    "nul-bytes": "The text holds NUL bytes; it is treated as binary data.",
    "binary": "The format is not known here; only the size and the hash were computed.",
    "record-too-long": "A line is too long to be read as a whole; its rest was left out of the samples.",
    "broken-lines": "Some lines are not valid JSON.",
    "nested-json": "Some JSON is nested too deeply to be read.",
    "json-too-large": "The JSON document is too large to be read as a whole; .jsonl would do.",
    "ragged-rows": "Some rows have more or fewer cells than the first.",
    "name-disagrees": "The name's ending and the content disagree; the content was believed.",
    "warc-truncated": "Reading stopped before the end: a record's length is wrong, or the file is cut off.",
    "columns-unknown": "The columns and their types could not be determined.",
    "member-refused": "A file inside the archive is broken and was only counted.",
}


class FileRefused(Exception):  # noqa: N818 - it is refused, which is no error of ours
    """The file cannot be taken as it is.

    Attributes:
        code: stable, one of ``REFUSALS``. message: a sentence that says what to do.
    """

    def __init__(self, code: str, message: str = "") -> None:
        self.code, self.message = code, message or REFUSALS[code]
        super().__init__(self.message)

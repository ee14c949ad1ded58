import pytest

from filebed.beds import PNG, cut_at
from lmarena_bridge.filebed.form_body import FormBody, boundary_of
from lmarena_bridge.filebed.problems import BadUpload

BOUNDARY = b"--------a1"


def part(disposition: str, data: bytes, *headers: str) -> bytes:
    head = "\r\n".join([f"Content-Disposition: form-data; {disposition}", *headers])
    return b"--" + BOUNDARY + b"\r\n" + head.encode() + b"\r\n\r\n" + data + b"\r\n"


END = b"--" + BOUNDARY + b"--\r\n"
KEY = part('name="api_key"', b"the key")
FILE = part('name="file"; filename="a.png"', PNG, "Content-Type: image/png")


def read(*pieces: bytes) -> tuple[bytes, str, str]:
    body = FormBody(BOUNDARY)
    out = b"".join([body.feed(piece) for piece in pieces])
    body.finish()
    return out, body.content_type, body.api_key


def test_a_form_is_the_same_at_every_cut() -> None:
    text = part('name="file_name"', b"a.png") + FILE + KEY + END
    for at in range(len(text) + 1):
        assert read(*cut_at(text, [at])) == (PNG, "image/png", "the key")


def test_a_form_byte_by_byte() -> None:
    text = KEY + FILE + END
    assert read(*cut_at(text, range(1, len(text)))) == (PNG, "image/png", "the key")


def test_data_that_looks_like_a_boundary_is_data() -> None:
    data = b"\r\n--" + BOUNDARY[:-1] + b"\r\n\r\n-----" + BOUNDARY[1:] + b"\r--\r\n"
    text = part('name="f"; filename="x"', data) + END
    for at in range(len(text) + 1):
        assert read(*cut_at(text, [at]))[0] == data


@pytest.mark.parametrize("name", ['""', '"../../x"', '"a\\"b"', '"C:\\x\\y.exe"', "x", '"zażółć"'])
def test_the_client_s_name_only_says_that_it_is_a_file(name: str) -> None:
    assert read(part(f"name=upload; filename={name}", b"abc") + END)[0] == b"abc"


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"nonsense",
        END,
        KEY + END,
        FILE,
        FILE[:-10],
        FILE + END[:-4],
        FILE + FILE + END,
        part('name="file"', b"abc") + END,
        part('name="api_key"', b"k" * 70_000) + FILE + END,
        KEY * 40 + FILE + END,
        b"--" + BOUNDARY + b"\r\nno header\r\n\r\n" + END,
        b"--" + BOUNDARY + b"\r\n" + b"A: " + b"b" * 70_000 + b"\r\n\r\n" + END,
        b"--other\r\nContent-Disposition: form-data; name=a; filename=b\r\n\r\nabc\r\n--other--\r\n",
    ],
)
def test_a_broken_form_is_refused(text: bytes) -> None:
    with pytest.raises(BadUpload):
        read(text)
    with pytest.raises(BadUpload):
        read(*cut_at(text, range(1, len(text), 7)))


def test_the_boundary_is_taken_from_the_content_type() -> None:
    assert boundary_of("multipart/form-data; boundary=abc") == b"abc"
    assert boundary_of('multipart/form-data; charset=x; boundary="a b"') == b"a b"
    for wrong in ("multipart/form-data", "multipart/form-data; boundary=", "m/f; boundary=" + "x" * 71):
        with pytest.raises(BadUpload):
            boundary_of(wrong)

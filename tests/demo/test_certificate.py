import base64
import hashlib
import os
import ssl
import stat
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from lmarena_bridge.demo.certificate import write_certificate


def test_the_certificate_is_for_the_sites_names_and_this_computer(tmp_path: Path) -> None:
    made = write_certificate(tmp_path)
    certificate = x509.load_pem_x509_certificate(made.certificate_path.read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == [
        "lmarena.ai",
        "*.lmarena.ai",
        "arena.ai",
        "*.arena.ai",
        "localhost",
    ]
    assert [str(each) for each in names.get_values_for_type(x509.IPAddress)] == ["127.0.0.1", "::1"]


def test_the_hash_is_that_of_the_public_key(tmp_path: Path) -> None:
    made = write_certificate(tmp_path / "new" / "folder")
    key = load_pem_private_key(made.key_path.read_bytes(), None)
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert base64.b64decode(made.spki_sha256) == hashlib.sha256(public).digest()


def test_the_two_files_make_a_server_and_a_root_to_trust(tmp_path: Path) -> None:
    made = write_certificate(tmp_path)
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(made.certificate_path, made.key_path)
    assert len(ssl.create_default_context(cafile=made.certificate_path).get_ca_certs()) == 1


def test_a_second_certificate_takes_the_place_of_the_first(tmp_path: Path) -> None:
    first, second = write_certificate(tmp_path), write_certificate(tmp_path)
    assert first.key_path == second.key_path
    assert first.spki_sha256 != second.spki_sha256


@pytest.mark.skipif(os.name != "posix", reason="permissions of this kind are POSIX's")
def test_the_key_is_for_its_owner_alone(tmp_path: Path) -> None:
    assert stat.S_IMODE(write_certificate(tmp_path).key_path.stat().st_mode) == 0o600

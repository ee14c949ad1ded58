"""A certificate for the site's names, made on this computer, trusted by nobody who is not told to."""

import base64
import datetime
import hashlib
import ipaddress
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import NameOID

_NAMES = ("lmarena.ai", "*.lmarena.ai", "arena.ai", "*.arena.ai", "localhost")
_LIFETIME = datetime.timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Certificate:
    """Where the two files lie, and the hash by which Chromium can be told to accept this one certificate.

    spki_sha256: base64 of the SHA-256 of the public key, as `--ignore-certificate-errors-spki-list` wants it.
    """

    certificate_path: Path
    key_path: Path
    spki_sha256: str


def write_certificate(directory: Path) -> Certificate:
    """Make a self-signed EC certificate: `arena-cert.pem` and `arena-key.pem` (0600) in `directory`."""
    key = ec.generate_private_key(ec.SECP256R1())
    directory.mkdir(parents=True, exist_ok=True)
    certificate_path, key_path = directory / "arena-cert.pem", directory / "arena-key.pem"
    certificate_path.write_bytes(_signed(key).public_bytes(Encoding.PEM))
    _write_private(key_path, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    spki = base64.b64encode(hashlib.sha256(public).digest()).decode("ascii")
    return Certificate(certificate_path, key_path, spki)


def _signed(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "LMArena Bridge practice arena")])
    now = datetime.datetime.now(datetime.UTC)
    names = [x509.DNSName(each) for each in _NAMES]
    loopback = [x509.IPAddress(ipaddress.ip_address(each)) for each in ("127.0.0.1", "::1")]
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        # A little in the past, for browsers whose clock is a little behind.
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + _LIFETIME)
        .add_extension(x509.SubjectAlternativeName([*names, *loopback]), critical=False)
        # A CA of itself alone, so that Python clients can trust it as their only root.
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, SHA256())
    )


def _write_private(path: Path, content: bytes) -> None:
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)

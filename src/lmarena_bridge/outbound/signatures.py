"""Signatures of Ed25519 (RFC 8032), checked by the library of the Python Cryptographic Authority."""

from lmarena_bridge.core.releases.manifest import IsSigned


def signed_with(key: bytes) -> IsSigned:
    """Whether a signature is by the owner of this public key of 32 bytes."""

    def is_signed(message: bytes, signature: bytes) -> bool:
        # Some megabytes, which a program that looks for no releases need not carry.
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        try:
            Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
        except InvalidSignature:
            return False
        return True

    return is_signed

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lmarena_bridge.outbound.signatures import signed_with


def test_a_signature_is_by_its_key_and_of_its_message_alone() -> None:
    ours, other = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    is_signed = signed_with(ours.public_key().public_bytes_raw())
    assert is_signed(b"message", ours.sign(b"message"))
    assert not is_signed(b"message", other.sign(b"message"))
    assert not is_signed(b"another", ours.sign(b"message"))
    assert not is_signed(b"message", b"")
    assert not is_signed(b"message", bytes(64))

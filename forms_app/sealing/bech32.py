"""Bech32 (BIP 173) encoding, enough to hand 32 bytes to age as an identity."""

_ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


def encode(prefix: str, payload: bytes) -> str:
    """`payload` in lower case after a readable `prefix` (lower case), with a checksum of six characters."""
    bits = len(payload) * 8
    padding = -bits % 5
    number = int.from_bytes(payload) << padding
    fives = [number >> shift & 31 for shift in range(bits + padding - 5, -5, -5)]
    letters = prefix.encode()
    spread = [*(letter >> 5 for letter in letters), 0, *(letter & 31 for letter in letters)]
    checksum = _remainder([*spread, *fives, 0, 0, 0, 0, 0, 0]) ^ 1
    fives += [checksum >> shift & 31 for shift in range(25, -5, -5)]
    return f"{prefix}1{''.join(_ALPHABET[five] for five in fives)}"


def _remainder(fives: list[int]) -> int:
    remainder = 1
    for five in fives:
        top = remainder >> 25
        remainder = (remainder & 0x1FFFFFF) << 5 ^ five
        for position, generator in enumerate(_GENERATORS):
            remainder ^= generator if top >> position & 1 else 0
    return remainder

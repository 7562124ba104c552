# SPDX-License-Identifier: Apache-2.0
"""Which keys are good: points on the two curves, in plain integers."""

# RFC 8410, 4, and RFC 5480, 2: the only heads of a canonical key.
ED25519_HEAD = bytes.fromhex("302a300506032b6570032100")
P256_HEAD = bytes.fromhex(
    "3059301306072a8648ce3d020106082a8648ce3d03010703420004")

# RFC 8032, 5.1.
ED_P = (1 << 255) - 19
ED_D = -121665 * pow(121666, -1, ED_P) % ED_P

# FIPS 186-4, D.1.2.3.
P256_P = (1 << 256) - (1 << 224) + (1 << 192) + (1 << 96) - 1
P256_B = int(
    "5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b", 16)


def ed_decode(data):
    """The point of RFC 8032, 5.1.3, or None."""
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number & ((1 << 255) - 1)
    if y >= ED_P:
        return None
    square = (y * y - 1) * pow(ED_D * y * y + 1, -1, ED_P) % ED_P
    x = pow(square, (ED_P + 3) // 8, ED_P)
    if x * x % ED_P != square:
        x = x * pow(2, (ED_P - 1) // 4, ED_P) % ED_P
    if x * x % ED_P != square or (x == 0 and sign):
        return None
    return (ED_P - x if x % 2 != sign else x), y


def ed_add(a, b):
    k = ED_D * a[0] * b[0] * a[1] * b[1]
    x = (a[0] * b[1] + b[0] * a[1]) * pow(1 + k, -1, ED_P)
    y = (a[1] * b[1] + a[0] * b[0]) * pow(1 - k, -1, ED_P)
    return x % ED_P, y % ED_P


def ed_small(point):
    """Is eight times the point nothing? Its key verifies any message."""
    for _ in range(3):
        point = ed_add(point, point)
    return point == (0, 1)


def good(spki):
    """May a key of these bytes be trusted at all?"""
    if spki.startswith(ED25519_HEAD) and len(spki) == 44:
        point = ed_decode(spki[12:])
        return point is not None and not ed_small(point)
    if spki.startswith(P256_HEAD) and len(spki) == 91:
        x = int.from_bytes(spki[27:59], "big")
        y = int.from_bytes(spki[59:], "big")
        return (x < P256_P and y < P256_P and
                (y * y - (x * x * x - 3 * x + P256_B)) % P256_P == 0)
    return False

"""Reads TensorBoard's event files by the description of their format, with nothing but Python: TFRecords with checksums, protobuf
messages, PNG images. Prints JSON: {run: {tag: [{"step": ..., "time": ..., "value" | "histogram" | "image" | "text": ...}]}}.

    python3 read_events.py DIR"""

import json
import os
import struct
import sys
import zlib


class Broken(Exception):
    """The file is not what the format says."""


def make_crc32c_table():
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = (byte >> 1) ^ (0x82F63B78 if byte & 1 else 0)
        table.append(byte)
    return table


CRC32C_TABLE = make_crc32c_table()


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = CRC32C_TABLE[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    return crc ^ 0xFFFFFFFF


def masked_crc32c(data):
    crc = crc32c(data)
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def read_records(content):
    """The data of each record. Raises Broken on a wrong checksum or a part of a record."""
    position = 0
    while position < len(content):
        head = content[position:position + 12]
        if len(head) < 12:
            raise Broken(f"half a record at byte {position}")
        length, checksum = struct.unpack("<QI", head)
        if checksum != masked_crc32c(head[:8]):
            raise Broken(f"wrong checksum of the length at byte {position}")
        data = content[position + 12:position + 12 + length]
        tail = content[position + 12 + length:position + 16 + length]
        if len(tail) < 4:
            raise Broken(f"half a record at byte {position}")
        if struct.unpack("<I", tail)[0] != masked_crc32c(data):
            raise Broken(f"wrong checksum of the data at byte {position}")
        yield data
        position += 16 + length


def read_varint(data, position):
    number = shift = 0
    while True:
        byte = data[position]
        position += 1
        number |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            return number, position


def fields(data):
    """{number: [values]} of a message; fixed-width values and texts as bytes."""
    found = {}
    position = 0
    while position < len(data):
        key, position = read_varint(data, position)
        kind = key & 7
        if kind == 0:
            value, position = read_varint(data, position)
        else:
            if kind == 2:
                size, position = read_varint(data, position)
            else:
                size = {1: 8, 5: 4}[kind]
            value = data[position:position + size]
            if len(value) < size:
                raise Broken("a field is longer than its message")
            position += size
        found.setdefault(key >> 3, []).append(value)
    return found


def one(message, number, default):
    values = message.get(number, [default])
    if len(values) != 1:
        raise Broken(f"field {number} is there {len(values)} times")
    return values[0]


def signed(number):
    return number - (1 << 64) if number >= 1 << 63 else number


def double(message, number):
    return struct.unpack("<d", one(message, number, bytes(8)))[0]


def doubles(message, number):
    packed = one(message, number, b"")
    return list(struct.unpack(f"<{len(packed) // 8}d", packed))


def read_histogram(data):
    message = fields(data)
    histogram = {name: double(message, number)
                 for number, name in enumerate(["min", "max", "num", "sum", "sum_squares"], start=1)}
    return {**histogram, "limits": doubles(message, 6), "counts": doubles(message, 7)}


def paeth(left, above, corner):
    guess = left + above - corner
    return min((abs(guess - left), 0, left), (abs(guess - above), 1, above), (abs(guess - corner), 2, corner))[2]


def unfilter(kind, line, above, channels):
    for i, byte in enumerate(line):
        left = line[i - channels] if i >= channels else 0
        corner = above[i - channels] if i >= channels else 0
        predicted = [0, left, above[i], (left + above[i]) // 2, paeth(left, above[i], corner)][kind]
        line[i] = (byte + predicted) & 0xFF


def read_png(data):
    """height, width, channels and rows of bytes of an image of 8 bits per channel."""
    if data[:8] != b"\x89PNG\r\n\x1a\n":
        raise Broken("no PNG image")
    position, compressed, header = 8, b"", None
    while position < len(data):
        size, kind = struct.unpack(">I4s", data[position:position + 8])
        body = data[position + 8:position + 8 + size]
        if struct.unpack(">I", data[position + 8 + size:position + 12 + size])[0] != zlib.crc32(kind + body):
            raise Broken("wrong checksum in a PNG image")
        if kind == b"IHDR":
            header = struct.unpack(">IIBBBBB", body)
        elif kind == b"IDAT":
            compressed += body
        position += 12 + size
    width, height, depth, colour, _, _, interlace = header
    if depth != 8 or interlace:
        raise Broken("a PNG image of another kind than expected")
    channels = {0: 1, 4: 2, 2: 3, 6: 4}[colour]
    raw, stride = zlib.decompress(compressed), width * channels
    rows = [[0] * stride]
    for row in range(height):
        begin = row * (stride + 1)
        rows.append(list(raw[begin + 1:begin + 1 + stride]))
        unfilter(raw[begin], rows[-1], rows[-2], channels)
    return {"height": height, "width": width, "channels": channels, "rows": rows[1:]}


def read_image(data):
    message = fields(data)
    image = read_png(one(message, 4, b""))
    said = [one(message, number, 0) for number in (1, 2, 3)]
    if said != [image["height"], image["width"], image["channels"]]:
        raise Broken(f"the image is {image}, but the summary says {said}")
    return image


def read_text(value):
    plugin = one(fields(one(fields(one(value, 9, b"")), 1, b"")), 1, b"")
    tensor = fields(one(value, 8, b""))
    if plugin != b"text" or one(tensor, 1, 0) != 7 or fields(one(tensor, 2, b"x")):
        raise Broken("a tensor that is no text")
    return one(tensor, 8, b"").decode()


def read_value(data):
    """(tag, {kind: content})"""
    value = fields(data)
    tag = one(value, 1, b"").decode()
    if 2 in value:
        return tag, {"value": struct.unpack("<f", one(value, 2, b""))[0]}
    if 4 in value:
        return tag, {"image": read_image(one(value, 4, b""))}
    if 5 in value:
        return tag, {"histogram": read_histogram(one(value, 5, b""))}
    if 8 in value:
        return tag, {"text": read_text(value)}
    raise Broken(f"{tag} has no value")


def read_file(path):
    """(tag, entry) of every value, in the order of the file."""
    with open(path, "rb") as file:
        records = list(read_records(file.read()))
    versions = [one(fields(record), 3, None) for record in records]
    if versions[:1] != [b"brain.Event:2"] or any(versions[1:]):
        raise Broken(f"{path} must begin with its version, and have no other: {versions}")
    for record in records[1:]:
        event = fields(record)
        for value in fields(one(event, 5, b""))[1]:
            tag, content = read_value(value)
            yield tag, {"step": signed(one(event, 2, 0)), "time": double(event, 1), **content}


def read_runs(directory):
    """As TensorBoard finds them: each directory with event files is a run, named by its path."""
    runs = {}
    for parent, _, names in sorted(os.walk(directory)):
        for name in sorted(names):
            if "tfevents" not in name:
                continue
            run = runs.setdefault(os.path.relpath(parent, directory), {})
            for tag, entry in read_file(os.path.join(parent, name)):
                run.setdefault(tag, []).append(entry)
    return runs


if __name__ == "__main__":
    json.dump(read_runs(sys.argv[1]), sys.stdout)
    print()

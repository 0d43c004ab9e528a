#!/usr/bin/env python3
"""Writes a file as gzip; of equal content come equal bytes, without name and time."""

import gzip
import pathlib
import sys


def main():
    source, target = map(pathlib.Path, sys.argv[1:])
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(gzip.compress(source.read_bytes(), compresslevel=9, mtime=0))


if __name__ == "__main__":
    main()

"""How the program under test was built, by the build folder that it lies in."""

import re
import subprocess


def build_options(program):
    """What CMake was told; empty for a program that lies elsewhere."""
    cache = program.parent / "CMakeCache.txt"
    if not cache.exists():
        return {}
    return dict(re.findall(r"^(\w+):\w+=(.*)$", cache.read_text(), re.MULTILINE))


def is_static(program):
    """Whether other libraries than the system's own are part of the program."""
    return build_options(program).get("CHANGELING_STATIC", "ON") == "ON"


def is_optimised(program):
    return build_options(program).get("CMAKE_BUILD_TYPE") != "Debug"


def is_instrumented(program):
    """Built with sanitizers, which valgrind cannot run."""
    return bool(build_options(program).get("CHANGELING_SANITIZERS"))


def needed_libraries(program):
    shown = subprocess.run(["readelf", "--dynamic", "--wide", program], check=True, capture_output=True, text=True).stdout
    return set(re.findall(r"\(NEEDED\)\s+Shared library: \[([^]]+)\]", shown))


def belongs_to_the_system(library):
    """Whether "libm.so.6" is part of glibc, without which there is no program at all."""
    return re.match(r"(libc|libm|libdl|libpthread|librt|ld-linux[\w-]*)\.so", library) is not None

"""The DyNet side of the race (perf/peers/dynet/), compiled against the DyNet that the user has."""

import glob
import os
import shlex
import subprocess

from programs import HERE, Failure

ROOT = os.path.dirname(os.path.dirname(HERE))
SOURCES = os.path.join(HERE, "dynet")
PREFIX = "must be the folder that DyNet was installed to, with include/ and lib/"


def library_folder(prefix: str) -> str:
    """Where libdynet is. Says what is missing if the folder is no DyNet."""
    if not os.path.isdir(prefix):
        raise Failure(f"DYNET={prefix}: no such folder; it {PREFIX}")
    if not os.path.isfile(os.path.join(prefix, "include/dynet/dynet.h")):
        raise Failure(f"DYNET={prefix}: has no include/dynet/dynet.h; it {PREFIX}")
    for folder in ("lib", "lib64"):
        path = os.path.join(prefix, folder)
        if glob.glob(os.path.join(path, "libdynet.*")):
            return path
    raise Failure(f"DYNET={prefix}: has no lib/libdynet.so or libdynet.a; it {PREFIX}")


def compile_command(prefix: str, program: str, environment: dict[str, str]) -> list[str]:
    """Optimised for this processor, as DyNet's own build is; without errno of roots, so that the
    update is vectorised. CXX, CXXFLAGS and LDFLAGS are heeded, for a DyNet that needs more."""
    folder = library_folder(prefix)
    optimise = ["-O3", "-march=native", "-fno-math-errno"]
    return [*shlex.split(environment.get("CXX") or "c++"), "-std=c++20", *optimise,
            *shlex.split(environment.get("CXXFLAGS", "")), "-I", ROOT,
            "-isystem", os.path.join(prefix, "include"),
            *sorted(glob.glob(os.path.join(SOURCES, "*.cc"))), "-o", program,
            "-L", folder, f"-Wl,-rpath,{folder}", "-ldynet", "-pthread",
            *shlex.split(environment.get("LDFLAGS", ""))]


def compile_program(prefix: str, program: str) -> None:
    command = compile_command(os.path.abspath(prefix), program, dict(os.environ))
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    except FileNotFoundError:
        raise Failure(f"{command[0]}: no such compiler; CXX names another") from None
    if done.returncode != 0:
        raise Failure(f"cannot compile perf/peers/dynet against DYNET={prefix}:\n"
                      f"{shlex.join(command)}\n{done.stdout.strip()}")

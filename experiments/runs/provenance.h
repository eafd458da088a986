// What the numbers were made with: program, compiler, libraries, machine.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace grove {

// "0.1.0"
std::string Version();

// {"version", "commit", "build", "compiler", "libraries": {name: version}, "simd_target",
// "simd_targets", "gemm", "openblas": {"config", "threads"}, "cores", "system", "date"}: `date` is
// now, in UTC; `commit` is "unknown" in a build outside version control, and ends in "-dirty" if
// tracked files differed from it when the build was configured.
nlohmann::ordered_json Provenance(const std::string& gemm = "simd");

}  // namespace grove

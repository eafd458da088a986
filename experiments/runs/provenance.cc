#include "experiments/runs/provenance.h"

#include <sys/utsname.h>

#include <ctime>

#include "build_info.h"
#include "engine/cells/gemm.h"
#include "engine/target.h"
#include "sched/cores.h"

namespace grove {
namespace {

std::string NowInUtc() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  char text[32];
  std::strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &utc);
  return text;
}

std::string System() {
  utsname names{};
  if (uname(&names) != 0) return "unknown";
  return std::string(names.sysname) + " " + names.release + " " + names.machine;
}

std::string Compiler() {
#if defined(__clang__)
  return "clang " __clang_version__;
#else
  return "gcc " __VERSION__;
#endif
}

}  // namespace

std::string Version() { return GROVE_VERSION; }

nlohmann::ordered_json Provenance(const std::string& gemm) {
  // Those of the program. A thread that is bound to one asks later: every batch tells its journal
  // first.
  static const int kCores = sched::UsableCores();
  return {{"version", Version()},
          {"commit", GROVE_COMMIT},
          {"build", GROVE_BUILD_TYPE},
          {"compiler", Compiler()},
          {"libraries", nlohmann::ordered_json::parse(GROVE_LIBRARIES)},
          {"simd_target", ActiveTarget()},
          {"simd_targets", SupportedTargets()},
          {"gemm", gemm},
          {"openblas", {{"config", OpenblasConfig()}, {"threads", OpenblasThreads()}}},
          {"cores", kCores},
          {"system", System()},
          {"date", NowInUtc()}};
}

}  // namespace grove

// Who may include whom: the table below is the architecture, and every source of the project is
// held to it.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

// Sources whose path matches `where` may include what matches `own` from this project.
struct FolderRule {
  const char* folder;
  const char* own;
  const char* rule;
};

constexpr FolderRule kFolders[] = {
    {"simd", "simd/.*", "simd/ includes only simd/"},
    {"engine/trees", "engine/(trees/)?[^/]*|simd/.*",
     "engine/trees/ includes only itself, what stands in engine/ alone, and simd/"},
    {"engine/cells", "engine/((cells|trees)/)?[^/]*|simd/.*",
     "engine/cells/ includes only itself, trees/, what stands in engine/ alone, and simd/"},
    {"engine/tasks", "engine/((tasks|trees)/)?[^/]*|simd/.*",
     "engine/tasks/ includes only itself, trees/, what stands in engine/ alone, and simd/"},
    {"engine/files", "engine/((files|tasks|cells|trees)/)?[^/]*|simd/.*",
     "engine/files/ includes only itself, tasks/, cells/, trees/, what stands in engine/ alone, "
     "and "
     "simd/"},
    {"engine", "(engine|simd)/.*", "engine/ includes only engine/ and simd/"},
    {"sched", "sched/.*", "sched/ includes only sched/"},
    {"experiments/plan", "(experiments/plan|engine|sched)/.*",
     "experiments/plan/ includes only itself, engine/ and sched/"},
    {"experiments/runs", "(experiments/(runs|plan)|engine|sched)/.*",
     "experiments/runs/ includes only itself, plan/, engine/ and sched/"},
    {"experiments/stats", "(experiments/(stats|runs|plan)|engine|sched)/.*",
     "experiments/stats/ includes only itself, runs/, plan/, engine/ and sched/"},
    {"experiments/report", "(experiments/(report|stats|runs|plan)|engine|sched)/.*",
     "experiments/report/ includes only itself, stats/, runs/, plan/, engine/ and sched/"},
    {"experiments/cli", "(experiments|engine|sched)/.*",
     "experiments/cli/ includes only experiments/, engine/ and sched/"},
    {"tests", "(tests|simd|engine|sched|experiments)/.*", "tests/ includes anything but perf/"},
    {"perf", "(perf|simd|engine|sched|tests/reference)/.*",
     "perf/ includes only perf/, simd/, engine/, sched/ and tests/reference/"},
};

// Headers from outside that match `header` may only be included where `where` matches. The first
// rule that matches the header counts; a header that matches none belongs to no package we know.
struct PackageRule {
  const char* header;
  const char* where;
  const char* rule;
};

constexpr PackageRule kPackages[] = {
    {"grove/grove\\.h", "tests/install/consumer/.*", "grove/grove.h is how others see the engine"},
    {"hwy/.*", "(simd|tests)/.*", "Highway only in simd/ (and its tests)"},
    {"(cblas|openblas_config|lapacke)\\.h", "engine/cells/gemm[^/]*\\.cc",
     "BLAS only in engine/cells/gemm*.cc"},
    {"(oneapi/)?tbb[./].*", "sched/run_graph\\.cc", "oneTBB only in sched/run_graph.cc"},
    {"CLI/.*", "experiments/cli/.*", "CLI11 only in experiments/cli/"},
    {"(gtest|gmock)/.*", "tests/.*", "GoogleTest only in tests/"},
    {"benchmark/.*", "perf/.*", "google benchmark only in perf/"},
    {"dynet/.*", "perf/peers/dynet/.*", "DyNet only in perf/peers/dynet/"},
    {"toml\\+\\+/.*|toml\\.hpp", "(engine|experiments|tests)/.*",
     "toml++ only in engine/ and experiments/ (and tests)"},
    {"nlohmann/.*", "(engine|experiments|tests|perf)/.*",
     "nlohmann-json only in engine/, experiments/ and perf/ (and tests)"},
    {"Random123/.*", "engine/.*", "Random123 only in engine/"},
    {"xxhash\\.h|xxh3\\.h", "(engine|experiments)/.*", "xxHash only in engine/ and experiments/"},
    {"zlib\\.h", "engine/files/byte_source\\.cc|tests/.*",
     "zlib only in engine/files/byte_source.cc (and tests)"},
    {"fmt/.*", "(experiments|tests)/.*", "{fmt} only in experiments/"},
    {"(kainjow/)?mustache\\.hpp", "experiments/report/template\\.cc",
     "mustache only in experiments/report/template.cc"},
    {"boost/.*", "(experiments|tests)/.*", "Boost only in experiments/ (and tests)"},
    {"iostream|print|syncstream", "(experiments|tests|perf)/.*",
     "no printing in simd/, engine/ and sched/"},
    {"chrono|ctime|time\\.h|sys/time\\.h", "(sched|experiments|tests|perf)/.*",
     "no clock in simd/ and engine/"},
    {"thread|future|condition_variable|pthread\\.h|omp\\.h", "(sched|experiments|tests|perf)/.*",
     "no threads in simd/ and engine/"},
};

// The C++ library, the C library and the system's headers: anywhere, with angle brackets.
constexpr const char* kSystem = "[a-z0-9_]+|((sys|linux)/)?[a-z0-9_]+\\.h";

bool Matches(const std::string& text, const char* pattern) {
  return std::regex_match(text, std::regex(pattern));
}

// Whether `path` is the folder or stands in it.
bool IsWithin(const std::string& path, const std::string& folder) {
  return path == folder || path.rfind(folder + "/", 0) == 0;
}

// Empty if the include is allowed; else the rule that it breaks.
std::string BrokenRule(const std::string& path, const std::string& header, bool quoted,
                       const std::string& root) {
  for (const FolderRule& folder : kFolders) {
    if (!IsWithin(header, folder.folder)) continue;
    if (!fs::exists(root + "/" + header)) break;
    if (!quoted) return "the project's own headers are included with quotes";
    const std::string from = path.substr(0, path.rfind('/'));
    const auto* rule = std::find_if(std::begin(kFolders), std::end(kFolders),
                                    [&](const FolderRule& r) { return IsWithin(from, r.folder); });
    if (rule == std::end(kFolders)) return "no rule for folder " + from;
    return Matches(header, rule->own) ? "" : rule->rule;
  }
  // Made at configure time from a template beside the source.
  if (quoted && fs::exists((fs::path(root) / path).parent_path() / (header + ".in"))) return "";
  // Or from the files of a folder (cmake/embed.cmake): plots.h from experiments/plots.
  const fs::path embedded = fs::path(root) / "experiments" / fs::path(header).stem();
  if (quoted && fs::path(header).filename() == header && fs::is_directory(embedded)) return "";
  for (const PackageRule& package : kPackages) {
    if (!Matches(header, package.header)) continue;
    return Matches(path, package.where) ? "" : package.rule;
  }
  if (!quoted && Matches(header, kSystem)) return "";
  return "neither a header of the project (path from its root) nor of a package in the table";
}

// One line for each include of `text` that breaks a rule: "path:line: header: rule".
std::vector<std::string> Check(const std::string& path, const std::string& text,
                               const std::string& root) {
  static const std::regex kInclude(R"(^\s*#\s*include\s*([<"])([^>"]+)[>"].*)");
  std::vector<std::string> broken;
  std::istringstream lines(text);
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    std::smatch match;
    if (!std::regex_match(line, match, kInclude)) continue;
    const std::string rule = BrokenRule(path, match[2], match[1] == "\"", root);
    if (!rule.empty()) {
      broken.push_back(path + ":" + std::to_string(number) + ": " + match[2].str() + ": " + rule);
    }
  }
  return broken;
}

std::vector<std::string> Sources(const std::string& root) {
  std::vector<std::string> paths;
  for (const FolderRule& folder : kFolders) {
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(root) / folder.folder)) {
      const std::string extension = entry.path().extension();
      if (extension == ".h" || extension == ".cc") {
        paths.push_back(fs::relative(entry.path(), root).generic_string());
      }
    }
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

TEST(IncludeRules, EverySourceKeepsThem) {
  const std::string root = GROVE_SOURCE_DIR;
  const std::vector<std::string> sources = Sources(root);
  EXPECT_TRUE(std::count(sources.begin(), sources.end(), "sched/run_graph.cc"));
  EXPECT_TRUE(std::count(sources.begin(), sources.end(), "tests/include_rules_test.cc"));
  for (const std::string& path : sources) {
    std::ifstream file(root + "/" + path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    for (const std::string& broken : Check(path, text, root)) ADD_FAILURE() << broken;
  }
}

// What must be refused, and a neighbour of each that must not.
TEST(IncludeRules, RefusesWhatTheTableForbids) {
  const struct {
    const char* path;
    const char* line;
    const char* message;
  } cases[] = {
      {"simd/a.cc", "#include \"engine/error.h\"", "simd/ includes only simd/"},
      {"simd/a.cc", "#include \"simd/aligned.h\"", ""},
      {"simd/a.cc", "#include \"hwy/highway.h\"", ""},
      {"engine/a.cc", "#include <hwy/highway.h>", "Highway only in simd/ (and its tests)"},
      {"engine/a.h", "#include \"sched/journal.h\"", "engine/ includes only engine/ and simd/"},
      {"engine/a.h", "#include <engine/error.h>",
       "the project's own headers are included with quotes"},
      {"engine/cells/gemm_openblas.cc", "#include <cblas.h>", ""},
      {"engine/trees/a.cc", "#include \"engine/cells/linear.h\"",
       "engine/trees/ includes only itself, what stands in engine/ alone, and simd/"},
      {"engine/cells/a.cc", "#include \"engine/trees/forest.h\"", ""},
      {"engine/cells/a.cc", "#include \"engine/error.h\"", ""},
      {"engine/a.cc", "  #  include <cblas.h>  // why", "BLAS only in engine/cells/gemm*.cc"},
      {"engine/a.cc", "#include <chrono>", "no clock in simd/ and engine/"},
      {"engine/a.cc", "#include <thread>", "no threads in simd/ and engine/"},
      {"engine/a.cc", "#include <atomic>", ""},
      {"engine/a.cc", "#include <sys/stat.h>", ""},
      {"sched/run_graph.cc", "#include <oneapi/tbb/flow_graph.h>", ""},
      {"sched/run_graph.h", "#include <tbb/task_arena.h>", "oneTBB only in sched/run_graph.cc"},
      {"sched/journal.cc", "#include \"engine/error.h\"", "sched/ includes only sched/"},
      {"sched/journal.cc", "#include <iostream>", "no printing in simd/, engine/ and sched/"},
      {"experiments/cli/a.cc", "#include <CLI/CLI.hpp>", ""},
      {"engine/a.cc", "#include <CLI/CLI.hpp>", "CLI11 only in experiments/cli/"},
      {"engine/a.cc", "#include <gtest/gtest.h>", "GoogleTest only in tests/"},
      {"tests/sched/a.cc", "#include <benchmark/benchmark.h>", "google benchmark only in perf/"},
      {"perf/a.cc", "#include \"experiments/runs/record.h\"",
       "perf/ includes only perf/, simd/, engine/, sched/ and tests/reference/"},
      {"engine/a.cc", "#include \"error.h\"",
       "neither a header of the project (path from its root) nor of a package in the table"},
      {"experiments/plan/a.cc", "#include \"experiments/runs/record.h\"",
       "experiments/plan/ includes only itself, engine/ and sched/"},
      {"experiments/report/a.cc", "#include \"experiments/runs/record.h\"", ""},
      {"experiments/report/a.cc", "#include <fmt/format.h>", ""},
      {"engine/a.cc", "#include <fmt/format.h>", "{fmt} only in experiments/"},
      {"experiments/report/a.cc", "#include <kainjow/mustache.hpp>",
       "mustache only in experiments/report/template.cc"},
      {"engine/a.cc", "// #include <cblas.h>", ""},
  };
  for (const auto& c : cases) {
    const std::vector<std::string> broken =
        Check(c.path, std::string("// first line\n") + c.line + "\n", GROVE_SOURCE_DIR);
    if (*c.message == '\0') {
      EXPECT_EQ(broken, std::vector<std::string>{}) << c.line;
    } else {
      ASSERT_EQ(broken.size(), 1u) << c.path << " " << c.line;
      EXPECT_EQ(broken[0].rfind(std::string(c.path) + ":2: ", 0), 0u) << broken[0];
      EXPECT_NE(broken[0].find(c.message), std::string::npos) << broken[0];
    }
  }
}

}  // namespace

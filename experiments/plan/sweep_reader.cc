// Reads sweep files and what they vary. Their points are read in sweep_points.cc.
#include <filesystem>

#include "engine/error.h"
#include "engine/nearest_name.h"
#include "experiments/plan/run_filter.h"
#include "experiments/plan/sweep.h"
#include "experiments/plan/sweep_settings.h"

namespace grove {
namespace {

namespace fs = std::filesystem;

std::string Canonical(const std::string& path) {
  std::error_code error;
  const fs::path canonical = fs::weakly_canonical(path, error);
  return error ? path : canonical.string();
}

// Reads one file; `open` are the canonical paths of the files that led to it.
class SweepReader : private TomlReader {
 public:
  SweepReader(const std::string& path, std::vector<std::string> open)
      : TomlReader(path), open_(std::move(open)) {
    open_.push_back(Canonical(path));
  }

  Sweep Read() {
    const toml::table file = Parse();
    sweep_.path = path();
    for (const auto& [key, node] : file) {
      const std::vector<std::string> allowed = {"name", "title",   "of",   "only", "seeds",
                                                "run",  "dataset", "grid", "list", "random"};
      if (!Contains(allowed, std::string(key.str()))) Unknown(key, allowed);
    }
    if (const toml::node* name = file.get("name")) sweep_.name = Name(*name);
    if (const toml::node* title = file.get("title")) sweep_.title = Text(*title, "title");
    for (const char* key : {"name", "of"}) {
      if (file.get(key) == nullptr) throw Error(path() + ": key '" + key + "' is missing");
    }
    const toml::array& of = Array(*file.get("of"), "of");
    for (size_t i = 0; i < of.size(); ++i) ReadOf(of[i], i == 0);
    if (const toml::node* seeds = file.get("seeds")) ReadSeeds(*seeds);
    if (const toml::node* only = file.get("only")) ReadOnly(*only);
    sweep_.points = ReadPoints(*this, file);
    return std::move(sweep_);
  }

 private:
  void ReadOf(const toml::node& node, bool first) {
    const std::string name = Text(node, "of");
    const std::string other = (fs::path(path()).parent_path() / name).lexically_normal().string();
    std::error_code error;
    if (!fs::is_regular_file(other, error)) Refuse(node, "of: there is no file " + other);
    if (Contains(open_, Canonical(other))) Refuse(node, "of: '" + name + "' leads back to itself");
    if (!IsSweepFile(other)) {
      Add(node, ReadExperiment(other));
      if (!sweep_.only.empty()) RefuseOnly(node);
      return;
    }
    Sweep inherited = SweepReader(other, open_).Read();
    for (Experiment& experiment : inherited.experiments) Add(node, std::move(experiment));
    if (first) sweep_.only = inherited.only;
    // `only` is one choice for all experiments; two would be two sweeps.
    if (sweep_.only != inherited.only) RefuseOnly(node);
  }

  [[noreturn]] void RefuseOnly(const toml::node& node) const {
    Refuse(node, "of: a sweep that has 'only' must be the only entry");
  }

  void Add(const toml::node& node, Experiment experiment) {
    for (const Experiment& other : sweep_.experiments) {
      if (other.name != experiment.name) continue;
      Refuse(node, "of: the name '" + experiment.name + "' is taken by " + other.path);
    }
    sweep_.experiments.push_back(std::move(experiment));
  }

  void ReadSeeds(const toml::node& node) {
    std::vector<uint64_t> seeds;
    for (const auto& [seed, where] : Seeds(node, "seeds")) {
      if (std::find(seeds.begin(), seeds.end(), seed) != seeds.end()) {
        Refuse(*where, "seeds: seed " + std::to_string(seed) + " is given twice");
      }
      seeds.push_back(seed);
    }
    for (Experiment& experiment : sweep_.experiments) SetSeeds(experiment, seeds);
  }

  void ReadOnly(const toml::node& node) {
    const std::vector<Job> runs = PlanBaseRuns(sweep_);
    std::vector<std::string> clauses;
    for (const toml::node& entry : Array(node, "only")) {
      clauses.push_back(Text(entry, "only"));
      try {
        SelectRuns(runs, {clauses.back()}, "only");
      } catch (const Error& error) {
        Refuse(entry, error.what());
      }
    }
    sweep_.only.push_back(std::move(clauses));
  }

  std::vector<std::string> open_;
  Sweep sweep_;
};

}  // namespace

bool IsSweepFile(const std::string& path) { return TomlReader(path).Parse().contains("of"); }

Sweep ReadSweep(const std::string& path) { return SweepReader(path, {}).Read(); }

}  // namespace grove

// Command-line options for the fields of a spec, made from the one table of settings
// (engine/run_spec_fields.h): names, help, ranges and defaults have no second source.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace grove {

// "learning_rate" -> "--learning-rate"
std::string OptionName(const std::string& key);

// One option for each field of Spec (RunSpec or DatasetSpec). It must outlive the app's parsing.
template <typename Spec>
class SpecOptions {
 public:
  // Adds them to `app`, each under the heading of its table, but for the keys in `skip`.
  void AddTo(CLI::App& app, const std::vector<std::string>& skip);

  bool Given(const std::string& key) const { return given_.count(key) != 0; }
  // As if the user had written it, who wrote `how` instead: "--no-shuffle", "dim=3". Throws Error
  // if the option is given too.
  void Set(const std::string& key, const std::string& text, const std::string& how);
  const std::map<std::string, std::string>& given() const { return given_; }  // text by key

  // Sets the given fields. Throws Error naming the option, its value and what is allowed.
  void Apply(Spec& spec) const;

 private:
  std::map<std::string, std::string> given_;  // text by key
};

}  // namespace grove

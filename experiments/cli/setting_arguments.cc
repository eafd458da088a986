#include "experiments/cli/setting_arguments.h"

#include <algorithm>
#include <cctype>
#include <utility>
#include <vector>

#include "engine/error.h"
#include "engine/run_spec_fields.h"

namespace grove {
namespace {

// What key=value may set: options that take a value, and settings of the run that have none.
std::vector<std::string> SettingKeys(const CLI::App& command) {
  std::vector<std::string> keys = FieldKeys<RunSpec>();
  for (const CLI::Option* option : command.get_options()) {
    if (option->get_items_expected_max() == 0 || option->get_lnames().empty()) continue;
    std::string key = option->get_lnames().front();
    std::replace(key.begin(), key.end(), '-', '_');
    if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(std::move(key));
  }
  return keys;
}

}  // namespace

bool IsSetting(const std::string& argument) {
  const size_t equals = argument.find('=');
  return equals != std::string::npos && equals > 0 &&
         std::all_of(argument.begin(), argument.begin() + static_cast<std::ptrdiff_t>(equals),
                     [](unsigned char c) { return std::isalnum(c) || c == '_' || c == '-'; });
}

void TakeSetting(const std::string& argument, CLI::App& command, SpecOptions<RunSpec>& spec) {
  const size_t equals = argument.find('=');
  const std::string key = argument.substr(0, equals), value = argument.substr(equals + 1);
  const std::vector<std::string> keys = SettingKeys(command);
  if (std::find(keys.begin(), keys.end(), key) == keys.end()) {
    throw Error("unknown key '" + key + "'" + DidYouMeanSetting(key, keys));
  }
  CLI::Option* option = command.get_option_no_throw(OptionName(key));
  if (option == nullptr) return spec.Set(key, value, argument);
  if (option->count() > 0) throw Error(argument + ": " + OptionName(key) + " is given already");
  try {
    option->add_result(value);
    option->run_callback();
  } catch (const CLI::ParseError& error) {
    throw Error(error.what());
  }
}

}  // namespace grove

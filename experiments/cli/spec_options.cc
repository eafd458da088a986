#include "experiments/cli/spec_options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <type_traits>

#include "engine/error.h"
#include "engine/nearest_name.h"
#include "engine/run_spec_fields.h"

namespace grove {
namespace {

template <typename Field>
constexpr bool kIsText = std::is_same_v<std::remove_cvref_t<Field>, std::string>;

// "INT in 1..4096", "rnn|rlstm"
template <typename Field>
std::string TypeText(const FieldInfo& info, const Field&) {
  if (kIsText<Field>) return info.choices.empty() ? "TEXT" : Join(info.choices, "|");
  std::string name = std::is_floating_point_v<Field> ? "NUMBER" : "INT";
  if (std::is_same_v<Field, uint64_t>) return name;
  return fmt::format("{} in {:.9g}..{:.9g}", name, info.low, info.high);
}

template <typename Field>
std::string DefaultText(const Field& field) {
  if constexpr (kIsText<Field>) {
    return field;
  } else {
    char text[32];
    return {text, std::to_chars(text, text + sizeof(text), field).ptr};
  }
}

// What a number or truth value spells; text that spells neither stays text, which such a field then
// refuses with its range.
template <typename Number>
bool ParseAll(const std::string& text, FieldValue& value) {
  Number number{};
  const char* end = text.data() + text.size();
  const auto [stop, code] = std::from_chars(text.data(), end, number);
  if (code != std::errc{} || stop != end) return false;
  value = number;
  return true;
}

template <typename Field>
FieldValue ParseValue(const std::string& text, const Field&) {
  FieldValue value = text;
  if constexpr (std::is_same_v<Field, bool>) {
    if (text == "true" || text == "false") value = text == "true";
  } else if constexpr (!kIsText<Field>) {
    ParseAll<int64_t>(text, value) || ParseAll<uint64_t>(text, value) ||
        ParseAll<double>(text, value);
  }
  return value;
}

}  // namespace

std::string OptionName(const std::string& key) {
  std::string name = "--" + key;
  std::replace(name.begin(), name.end(), '_', '-');
  return name;
}

template <typename Spec>
void SpecOptions<Spec>::AddTo(CLI::App& app, const std::vector<std::string>& skip) {
  const Spec defaults;
  ForEachField(defaults, [&](const FieldInfo& info, const auto& field) {
    if (std::find(skip.begin(), skip.end(), info.key) != skip.end()) return;
    const auto take = [this, key = info.key](const std::string& text) { given_[key] = text; };
    using Field = std::remove_cvref_t<decltype(field)>;
    CLI::Option* option = nullptr;
    if constexpr (std::is_same_v<Field, bool>) {
      // An option that may stand without its value, so that what is on can be switched off. No flag
      // of CLI11: such a one tells true from false, but not by the text that stands after it.
      option = app.add_option(
                      OptionName(info.key),
                      [take](const CLI::results_t& given) {
                        const bool bare = given.empty() || given.front().empty();
                        take(bare ? "true" : given.front());
                        return true;
                      },
                      info.help)
                   ->expected(0, 1)
                   // No default_str: CLI11 takes it for the value of an option that stands alone.
                   ->type_name(field ? "true|false [true]" : "true|false [false]");
    } else {
      option = app.add_option_function<std::string>(OptionName(info.key), take, info.help)
                   ->type_name(TypeText(info, field))
                   ->default_str(DefaultText(field));
    }
    option->group(info.group);
  });
}

template <typename Spec>
void SpecOptions<Spec>::Set(const std::string& key, const std::string& text,
                            const std::string& how) {
  if (!given_.emplace(key, text).second) {
    throw Error(how + ": " + OptionName(key) + " is given already");
  }
}

template <typename Spec>
void SpecOptions<Spec>::Apply(Spec& spec) const {
  ForEachField(spec, [&](const FieldInfo& info, auto& field) {
    const auto found = given_.find(info.key);
    if (found == given_.end()) return;
    try {
      SetField(spec, info.key, ParseValue(found->second, field));
    } catch (const Error& error) {
      // The message starts with the key; a user knows it as an option.
      throw Error(OptionName(info.key) + std::string(error.what()).substr(info.key.size()));
    }
  });
}

template class SpecOptions<RunSpec>;
template class SpecOptions<DatasetSpec>;
template class SpecOptions<ReadingSpec>;

}  // namespace grove

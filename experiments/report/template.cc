#include "experiments/report/template.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <kainjow/mustache.hpp>
#include <set>
#include <string_view>

#include "engine/error.h"
#include "experiments/report/html.h"
#include "experiments/report/table.h"
#include "pages.h"

namespace grove {
namespace {

namespace mustache = kainjow::mustache;

mustache::data ToData(const nlohmann::json& json) {
  if (json.is_object()) {
    mustache::data object(mustache::data::type::object);
    for (const auto& [key, value] : json.items()) object.set(key, ToData(value));
    return object;
  }
  if (json.is_array()) {
    mustache::data list(mustache::data::type::list);
    for (size_t i = 0; i < json.size(); ++i) {
      mustache::data element = ToData(json[i]);
      if (element.is_object()) element.set("last", i + 1 == json.size());
      list.push_back(element);
    }
    return list;
  }
  if (json.is_string()) {
    // An empty text is no text: a section around it is left out.
    const auto& text = json.get_ref<const std::string&>();
    return text.empty() ? mustache::data(false) : mustache::data(text);
  }
  if (json.is_number_integer()) return mustache::data(json.dump());
  if (json.is_boolean()) return mustache::data(json.get<bool>());
  throw Error("a page is filled with texts, integers, truth values, arrays and objects, not with " +
              json.dump());
}

// Remembers the names that it does not know.
class StrictContext : public mustache::context<std::string> {
 public:
  explicit StrictContext(const mustache::data* data) : mustache::context<std::string>(data) {}

  const mustache::data* get(const std::string& name) const override {
    const mustache::data* found = mustache::context<std::string>::get(name);
    if (found == nullptr) unknown_.insert(name);
    return found;
  }
  const std::set<std::string>& unknown() const { return unknown_; }

 private:
  mutable std::set<std::string> unknown_;
};

// A section that is left out leaves its line end: of several blank lines one stays.
std::string WithoutDoubleBlankLines(const std::string& text) {
  std::string kept;
  for (const char c : text) {
    if (c != '\n' || !kept.ends_with("\n\n")) kept += c;
  }
  return kept;
}

}  // namespace

std::string QuoteForShell(const std::string& text) {
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           std::string_view("_-+=:,./@%").find(c) != std::string_view::npos;
  });
  if (plain && !text.empty()) return text;
  std::string word = "'";
  for (const char c : text) {
    if (c == '\'') {
      word += "'\\''";
    } else {
      word += c;
    }
  }
  return word + "'";
}

std::string FillTemplate(const std::string& text, Markup markup, const nlohmann::json& data) {
  mustache::mustache page(text);
  if (!page.is_valid()) throw Error("malformed template: " + page.error_message());
  page.set_custom_escape([markup](const std::string& value) {
    switch (markup) {
      case Markup::kHtml:
        return EscapeHtml(value);
      case Markup::kMarkdown:
        return EscapeMarkdown(value);
      case Markup::kShell:
        break;
    }
    return QuoteForShell(value);
  });
  const mustache::data values = ToData(data);
  StrictContext context(&values);
  std::string filled = page.render(context);
  if (!context.unknown().empty()) {
    throw Error("the template names what it was not given: " + *context.unknown().begin());
  }
  return markup == Markup::kMarkdown ? WithoutDoubleBlankLines(filled) : filled;
}

std::string FillPage(const std::string& name, Markup markup, const nlohmann::json& data) {
  try {
    return FillTemplate(PageFile(name + ".mustache"), markup, data);
  } catch (const Error& error) {
    throw Error(fmt::format("pages/{}.mustache: {}", name, error.what()));
  }
}

std::string PageFile(const std::string& name) {
  const auto* found = std::find_if(std::begin(kPages), std::end(kPages),
                                   [&](const auto& page) { return page.first == name; });
  if (found == std::end(kPages)) throw Error("there is no page " + name);
  return std::string(found->second);
}

}  // namespace grove

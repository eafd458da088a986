// The templates of pages and scripts: all prose stands in experiments/pages/*.mustache, which the
// program embeds. A template is filled with a JSON object, nested as its sections are.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace grove {

enum class Markup { kHtml, kMarkdown, kShell };

// One word of a POSIX shell that stands for `text`, whatever bytes but NUL are in it.
std::string QuoteForShell(const std::string& text);

// Fills `text`. {{x}} is escaped for the markup (of a shell it is one word), {{{x}}} stands as it
// is, {{#x}} ... {{/x}} is there if x is true, an object, a text that is not empty, or once for
// each element of an array, and {{^x}} ... {{/x}} if not; in objects of an array `last` is true of
// the last one. Numbers must be integers: how others are rounded is decided where they are
// computed. Throws Error if the template is malformed or names what `data` lacks.
std::string FillTemplate(const std::string& text, Markup markup, const nlohmann::json& data);

// Fills experiments/pages/NAME.mustache.
std::string FillPage(const std::string& name, Markup markup, const nlohmann::json& data);

// A file of experiments/pages as it is: "style.css".
std::string PageFile(const std::string& name);

}  // namespace grove

#include "experiments/report/html.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>

namespace grove {
namespace {

constexpr uint32_t kReplacement = 0xFFFD;

// Takes one code point off the front of `text`, which is not empty.
uint32_t TakeCodePoint(std::string_view& text) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t lead = byte(0);
  size_t length = 1;
  uint32_t code = lead;
  if (lead >= 0xF0 && lead < 0xF5) {
    length = 4;
    code = lead & 0x07;
  } else if (lead >= 0xE0 && lead < 0xF0) {
    length = 3;
    code = lead & 0x0F;
  } else if (lead >= 0xC2 && lead < 0xE0) {
    length = 2;
    code = lead & 0x1F;
  } else if (lead >= 0x80) {
    code = kReplacement;
  }
  for (size_t i = 1; i < length; ++i) {
    if (i >= text.size() || (byte(i) & 0xC0) != 0x80) {
      text.remove_prefix(i);
      return kReplacement;
    }
    code = (code << 6) | (byte(i) & 0x3F);
  }
  text.remove_prefix(length);
  static constexpr uint32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xD800 && code < 0xE000;
  return code < kSmallest[length] || surrogate || code > 0x10FFFF ? kReplacement : code;
}

void ReplaceAll(std::string& text, std::string_view from, const std::string& to) {
  for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

// The first one, with what stands in it and the line ends behind it.
void RemoveElement(std::string& element, const std::string& tag) {
  const size_t begin = element.find("<" + tag + ">");
  const std::string end = "</" + tag + ">";
  const size_t found = element.find(end, std::min(begin, element.size()));
  if (found == std::string::npos) return;
  const size_t behind = element.find_first_not_of('\n', found + end.size());
  element.erase(begin, behind - begin);
}

}  // namespace

std::string EscapeHtml(std::string_view text) {
  static const std::map<uint32_t, const char*> kEntities = {
      {'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}};
  std::string html;
  while (!text.empty()) {
    const uint32_t code = TakeCodePoint(text);
    if (const auto entity = kEntities.find(code); entity != kEntities.end()) {
      html += entity->second;
    } else if (code >= 0xA0) {
      html += "&#" + std::to_string(code) + ";";
    } else if ((code >= 0x20 && code < 0x7F) || code == '\n' || code == '\t') {
      html += static_cast<char>(code);
    }
  }
  return html;
}

std::string InlineSvg(std::string_view svg, const std::string& prefix, std::string_view title,
                      std::string_view description) {
  std::string element(svg.substr(std::min(svg.find("<svg"), svg.size())));
  for (const std::string start : {" id=\"", " id='", "href=\"#", "href='#", "url(#"}) {
    ReplaceAll(element, start, start + prefix + "-");
  }
  if (!element.starts_with("<svg")) return element;
  for (const std::string tag : {"title", "desc"}) RemoveElement(element, tag);
  element.insert(
      element.find('>') + 1,
      fmt::format("\n<title id=\"{0}-title\">{1}</title><desc id=\"{0}-desc\">{2}</desc>", prefix,
                  EscapeHtml(title), EscapeHtml(description)));
  return element.insert(
      4, fmt::format(" role=\"img\" aria-labelledby=\"{0}-title\" aria-describedby=\"{0}-desc\"",
                     prefix));
}

}  // namespace grove

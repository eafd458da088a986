#include "experiments/report/html.h"

#include <algorithm>
#include <cstdint>

namespace grove {
namespace {

constexpr char kStyle[] = R"css(
:root { color-scheme: light dark; --text: #1c1e21; --faint: #5c6370; --page: #ffffff;
  --line: #d9dce1; --head: #f3f4f6; --good: #11693a; --bad: #a8201a; --link: #0b5cad; }
@media (prefers-color-scheme: dark) { :root { --text: #e4e6ea; --faint: #a3a9b4; --page: #16181c;
  --line: #3a3f48; --head: #22262c; --good: #63cf94; --bad: #ff8f87; --link: #7cb7ff; } }
body { margin: 0 auto; max-width: 68rem; padding: 1.5rem 1rem 4rem; color: var(--text);
  background: var(--page); font: 1rem/1.5 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .5rem; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 .5rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1.5rem 0 .3rem; }
a { color: var(--link); }
p { max-width: 50rem; }
.verdict { font-size: 1.25rem; font-weight: 600; }
.faint { color: var(--faint); font-size: .9rem; }
.warning { border-left: 4px solid var(--bad); padding: .3rem .8rem; background: var(--head); }
.good { color: var(--good); font-weight: 600; white-space: nowrap; }
.bad { color: var(--bad); font-weight: 600; white-space: nowrap; }
.none { color: var(--faint); white-space: nowrap; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: .87rem; margin: .5rem 0; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem;
  border-bottom: 1px solid var(--line); }
th { background: var(--head); white-space: nowrap; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
code, pre { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: .87rem; }
pre { overflow-x: auto; padding: .6rem .8rem; background: var(--head); }
figure { margin: 1rem 0 2rem; }
figure svg { display: block; width: 100%; height: auto; max-width: 75rem; background: #ffffff;
  border: 1px solid var(--line); }
figcaption { max-width: 50rem; margin-top: .4rem; font-size: .9rem; color: var(--faint); }
)css";

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

std::string CellAttributes(const Column& column) { return column.number ? "class=\"number\"" : ""; }

}  // namespace

std::string EscapeHtml(std::string_view text) {
  std::string html;
  while (!text.empty()) {
    const uint32_t code = TakeCodePoint(text);
    switch (code) {
      case '&':
        html += "&amp;";
        break;
      case '<':
        html += "&lt;";
        break;
      case '>':
        html += "&gt;";
        break;
      case '"':
        html += "&quot;";
        break;
      case '\'':
        html += "&#39;";
        break;
      default:
        if (code >= 0xA0) {
          html += "&#" + std::to_string(code) + ";";
        } else if ((code >= 0x20 && code < 0x7F) || code == '\n' || code == '\t') {
          html += static_cast<char>(code);
        }
    }
  }
  return html;
}

std::string Element(const std::string& name, const std::string& content,
                    const std::string& attributes) {
  const std::string open = attributes.empty() ? name : name + " " + attributes;
  return "<" + open + ">" + content + "</" + name + ">";
}

std::string Paragraph(std::string_view text, const std::string& attributes) {
  return Element("p", EscapeHtml(text), attributes) + "\n";
}

std::string Table(const std::vector<Column>& columns,
                  const std::vector<std::vector<std::string>>& rows) {
  std::string head, body;
  for (const Column& column : columns) {
    head += Element("th", EscapeHtml(column.title), CellAttributes(column));
  }
  for (const std::vector<std::string>& row : rows) {
    std::string cells;
    for (size_t i = 0; i < row.size(); ++i) {
      cells += Element("td", row[i], CellAttributes(columns[i]));
    }
    body += Element("tr", cells) + "\n";
  }
  const std::string table = Element(
      "table", "\n" + Element("thead", Element("tr", head)) + "\n" + Element("tbody", "\n" + body));
  return Element("div", table, "class=\"wide\"") + "\n";
}

std::string InlineSvg(std::string_view svg, const std::string& prefix, std::string_view label) {
  std::string element(svg.substr(std::min(svg.find("<svg"), svg.size())));
  ReplaceAll(element, " id=\"", " id=\"" + prefix + "-");
  ReplaceAll(element, " id='", " id='" + prefix + "-");
  ReplaceAll(element, "href=\"#", "href=\"#" + prefix + "-");
  ReplaceAll(element, "href='#", "href='#" + prefix + "-");
  ReplaceAll(element, "url(#", "url(#" + prefix + "-");
  if (element.starts_with("<svg")) {
    element.insert(4, " role=\"img\" aria-label=\"" + EscapeHtml(label) + "\"");
  }
  return element;
}

std::string Page(const std::string& title, const std::string& body) {
  return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n" +
         Element("title", EscapeHtml(title)) + "\n" + Element("style", kStyle) +
         "\n</head>\n<body>\n" + body + "</body>\n</html>\n";
}

}  // namespace grove

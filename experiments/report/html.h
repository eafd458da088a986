// Small pieces of HTML: escaped text, tables, and drawings that may stand in one page.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace grove {

// Text as HTML: & < > " ' escaped, everything beyond ASCII (UTF-8) as numeric entities; bytes that
// are no UTF-8 become U+FFFD, control characters but tab and line end vanish.
std::string EscapeHtml(std::string_view text);

// <name attributes>content</name>; `content` is HTML, `attributes` a string such as "class=\"x\"".
std::string Element(const std::string& name, const std::string& content,
                    const std::string& attributes = "");

// A paragraph of plain text.
std::string Paragraph(std::string_view text, const std::string& attributes = "");

// A table cell or header; `html` is its content.
struct Column {
  std::string title;    // plain text
  bool number = false;  // aligned right
};

// A table in a box that scrolls by itself where the page is narrow. Cells are HTML.
std::string Table(const std::vector<Column>& columns,
                  const std::vector<std::vector<std::string>>& rows);

// An SVG file as an element of a page: without prolog, every id and reference prefixed so that
// several drawings do not share ids; `label` is what screen readers say.
std::string InlineSvg(std::string_view svg, const std::string& prefix, std::string_view label);

// A whole page. Self-contained: `body` is HTML, the style is inlined, no scripts.
std::string Page(const std::string& title, const std::string& body);

}  // namespace grove

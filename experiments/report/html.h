// Text and drawings as parts of an HTML page.
#pragma once

#include <string>
#include <string_view>

namespace grove {

// Text as HTML: & < > " ' escaped, everything beyond ASCII (UTF-8) as numeric entities; bytes that
// are no UTF-8 become U+FFFD, control characters but tab and line end vanish.
std::string EscapeHtml(std::string_view text);

// An SVG file as an element of a page: without prolog, every id and reference prefixed so that
// several drawings do not share ids. Title and description, which screen readers say, take the
// place of its own.
std::string InlineSvg(std::string_view svg, const std::string& prefix, std::string_view title,
                      std::string_view description);

}  // namespace grove

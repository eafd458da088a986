// The texts of an SVG that gnuplot drew, and where they stand: enough to say whether one is cut off
// by the canvas or runs into another.
#pragma once

#include <algorithm>
#include <cmath>
#include <regex>
#include <string>
#include <utility>
#include <vector>

namespace grove::testing {

struct SvgText {
  std::string text;  // entities decoded, blanks at its ends removed
  double left = 0, right = 0, top = 0, bottom = 0;
};

struct SvgTexts {
  double width = 0, height = 0;  // of the canvas
  std::vector<SvgText> texts;
};

// Of the letter, in ems: those of DejaVu Sans, which is wider than most fonts a reader may have.
inline double LetterWidth(char c) {
  const std::string narrow = "ijlI.,:;|'!/\\()[]{} `ft\"r-";
  if ((static_cast<unsigned char>(c) & 0xc0) == 0x80) return 0;  // rest of a UTF-8 letter
  if (narrow.find(c) != std::string::npos) return 0.39;
  if (c == 'm' || c == 'w' || c == 'M' || c == 'W' || c == '%' || c == '@') return 0.98;
  if (c >= 'A' && c <= 'Z') return 0.72;
  return c == '=' || c == '+' || c == '<' || c == '>' || c == '~' ? 0.84 : 0.62;
}

inline std::string DecodeEntities(std::string text) {
  const std::pair<const char*, const char*> entities[] = {
      {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&apos;", "'"}, {"&amp;", "&"}};
  for (const auto& [entity, letter] : entities) {
    for (size_t at = 0; (at = text.find(entity, at)) != std::string::npos; ++at) {
      text.replace(at, std::string(entity).size(), letter);
    }
  }
  return text;
}

// The box of a text of that width whose anchor stands at (x, y), turned by `degrees` around it.
inline void PlaceBox(double x, double y, double degrees, const std::string& anchor, double width,
                     double size, double raised, SvgText& box) {
  const double start = anchor == "middle" ? -width / 2 : anchor == "end" ? -width : 0;
  const double turn = degrees * std::acos(-1.0) / 180;
  box.left = box.top = 1e9;
  box.right = box.bottom = -1e9;
  for (const double along : {start, start + width}) {
    for (const double down : {-0.75 * size - raised, 0.2 * size}) {
      const double px = x + along * std::cos(turn) - down * std::sin(turn);
      const double py = y + along * std::sin(turn) + down * std::cos(turn);
      box.left = std::min(box.left, px);
      box.right = std::max(box.right, px);
      box.top = std::min(box.top, py);
      box.bottom = std::max(box.bottom, py);
    }
  }
}

inline SvgTexts ReadSvgTexts(const std::string& svg) {
  SvgTexts result;
  std::smatch box;
  static const std::regex kBox("viewBox=\"0 0 ([0-9.]+) ([0-9.]+)\"");
  if (std::regex_search(svg, box, kBox)) {
    result.width = std::stod(box[1]);
    result.height = std::stod(box[2]);
  }
  static const std::regex kPlace(
      "<g transform=\"translate\\(([-0-9.]+),([-0-9.]+)\\)(?: rotate\\(([-0-9.]+)\\))?\"[^>]*"
      "font-size=\"([0-9.]+)\" *text-anchor=\"([a-z]+)\">\\s*<text>");
  static const std::regex kPart("<tspan([^>]*)>|</tspan>|([^<]+)");
  static const std::regex kSize("font-size=\"([0-9.]+)"), kRise("dy=\"-([0-9.]+)");
  for (std::sregex_iterator match(svg.begin(), svg.end(), kPlace), end; match != end; ++match) {
    const std::string parts =
        svg.substr(static_cast<size_t>(match->position() + match->length()),
                   svg.find("</text>", static_cast<size_t>(match->position())) -
                       static_cast<size_t>(match->position() + match->length()));
    const double size = std::stod((*match)[4]);
    SvgText text;
    double now = size, width = 0, raised = 0;
    for (std::sregex_iterator part(parts.begin(), parts.end(), kPart); part != end; ++part) {
      if ((*part)[2].matched) {
        std::string letters = DecodeEntities((*part)[2]);
        if (text.text.empty()) letters.erase(0, letters.find_first_not_of(" \t\n"));
        for (const char c : letters) width += now * LetterWidth(c);
        text.text += letters;
        continue;
      }
      const std::string attributes = (*part)[1];
      std::smatch value;
      now = std::regex_search(attributes, value, kSize) ? std::stod(value[1]) : size;
      if (std::regex_search(attributes, value, kRise)) raised = 0.5 * std::stod(value[1]);
    }
    text.text.erase(text.text.find_last_not_of(" \t\n") + 1);
    if (text.text.empty()) continue;
    const double degrees = (*match)[3].matched ? std::stod((*match)[3]) : 0;
    PlaceBox(std::stod((*match)[1]), std::stod((*match)[2]), degrees, (*match)[5], width, size,
             raised, text);
    result.texts.push_back(text);
  }
  return result;
}

// One line each: texts that leave the canvas, and pairs that overlap by more than a point.
inline std::vector<std::string> LayoutFaults(const std::string& svg) {
  const SvgTexts all = ReadSvgTexts(svg);
  std::vector<std::string> faults;
  if (all.texts.empty()) faults.emplace_back("no texts");
  for (size_t i = 0; i < all.texts.size(); ++i) {
    const SvgText& a = all.texts[i];
    if (a.left < 0 || a.top < 0 || a.right > all.width || a.bottom > all.height) {
      faults.push_back("cut off: \"" + a.text + "\"");
    }
    for (size_t j = i + 1; j < all.texts.size(); ++j) {
      const SvgText& b = all.texts[j];
      const double across = std::min(a.right, b.right) - std::max(a.left, b.left);
      const double down = std::min(a.bottom, b.bottom) - std::max(a.top, b.top);
      if (across > 1 && down > 1)
        faults.push_back("overlap: \"" + a.text + "\", \"" + b.text + '"');
    }
  }
  return faults;
}

// How often the drawing prints this text. gnuplot leaves out an axis title that has no room at all.
inline int CountText(const std::string& svg, const std::string& text) {
  const SvgTexts all = ReadSvgTexts(svg);
  return static_cast<int>(std::count_if(all.texts.begin(), all.texts.end(),
                                        [&](const SvgText& t) { return t.text == text; }));
}

}  // namespace grove::testing

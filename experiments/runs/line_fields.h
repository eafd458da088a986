// The members of an object in one line of JSON, found without reading what stands in them: of a
// million records most readers want five fields each.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace grove {

class LineFields {
 public:
  // `line` must outlive this. Throws Error, without a place, if it is no object of balanced braces
  // and strings; what stands within them is not looked at.
  explicit LineFields(std::string_view line);

  // The text of a member's value, or nothing. A name with escapes is not found.
  std::optional<std::string_view> Find(std::string_view name) const;
  // The same; what follows is what that text stands for. All throw Error, without a place, if the
  // member is missing or is none.
  std::string_view At(std::string_view name) const;
  std::string Text(std::string_view name) const;
  double Number(std::string_view name) const;  // NaN for null
  int Integer(std::string_view name) const;

 private:
  std::vector<std::pair<std::string_view, std::string_view>> fields_;
};

}  // namespace grove

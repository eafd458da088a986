// Lines of JSON that carry their own checksum, so that what a disk or a copy has changed is not
// believed: {"xxh3":"0123456789abcdef",REST, where the 16 hex digits are the XXH3-64 of REST, the
// line from there on. The checksum stands first, so that no damage within it makes the line look
// like one of those that an earlier version wrote without it.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace grove {

// `object` is a JSON object with at least one key, in one line, without the checksum.
std::string Seal(std::string_view object);

// What is wrong with a line, or nothing (empty) if its checksum fits. `unsealed_keys`: a line that
// begins with one of these keys, in quotes, need have no checksum.
std::string SealFault(std::string_view line, std::span<const std::string_view> unsealed_keys = {});

}  // namespace grove

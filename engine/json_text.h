// The one way in which JSON text is read: whole, or an Error that says where it is none.
#pragma once

#include <concepts>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "engine/error.h"

namespace grove {

// The value that all of `text` stands for, white space around it aside. `Json` is nlohmann::json,
// whose objects keep their keys sorted, or nlohmann::ordered_json, whose objects keep the order of
// the text. `check`, if given, sees every event of the parser and may throw.
//
// Throws Error that begins with `where` and names the first byte, from 1, that is not JSON. The
// library alone would take a byte 0 for the end of the text and never look at what follows it; no
// JSON holds such a byte, so that text with one is refused.
template <typename Json = nlohmann::json>
Json ParseJson(std::string_view text, const std::string& where,
               const typename Json::parser_callback_t& check = nullptr) {
  const auto fault = [&where](size_t byte) {
    return Error(where + ": not JSON at its byte " + std::to_string(byte));
  };
  const size_t zero = text.find('\0');
  try {
    // What stands before the byte 0 may have an earlier fault.
    Json value = Json::parse(text.substr(0, zero), check);
    if (zero != std::string_view::npos) throw fault(zero + 1);
    return value;
  } catch (const typename Json::parse_error& error) {
    throw fault(error.byte);
  } catch (const typename Json::exception&) {
    throw Error(where + ": a number is out of range");
  }
}

// `json` as a whole number. Throws Error, without a place, for anything else and for what T cannot
// hold, which the library alone would cut to fit.
template <std::integral T, typename Json>
T WholeNumber(const Json& json) {
  const bool fits = json.is_number_unsigned() ? std::in_range<T>(json.template get<uint64_t>())
                                              : json.is_number_integer() &&
                                                    std::in_range<T>(json.template get<int64_t>());
  if (!fits) throw Error(json.dump() + " is no whole number, or too large");
  return json.template get<T>();
}

}  // namespace grove

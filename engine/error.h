// The one exception type of the project: what a user can mend, with a message that says how.
#pragma once

#include <stdexcept>
#include <string>

namespace grove {

// Bad input or a file that cannot be read or written. The message is one line, names the file (with
// line and column where there is one), the key and the allowed values. Programs print it and exit
// with code 2.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// A run whose numbers left the finite range; its record says `diverged`.
class DivergedError : public Error {
 public:
  using Error::Error;
};

}  // namespace grove

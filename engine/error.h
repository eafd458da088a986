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

// A file that was read to its end and is of no use: damaged, of another format, or written for
// another run. Reading it again will not help, so that a caller may do without it. Every other
// Error of a reader may pass (no permission, a disk that fails): then the file must stay.
class DamagedFile : public Error {
 public:
  using Error::Error;
};

// A run whose numbers left the finite range; its record says `diverged`.
class DivergedError : public Error {
 public:
  using Error::Error;
};

}  // namespace grove

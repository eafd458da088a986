// Names of this program's functions, those without external linkage too, from its own file.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace grove::perf {

class Symbols {
 public:
  // Reads the symbol table of the running program (ELF; Linux). Throws std::runtime_error if there
  // is none, as in a stripped program.
  Symbols();

  // The demangled name of the function that holds the address; empty if it is not of this program's
  // own file (but of a shared library, say).
  std::string Find(uintptr_t address) const;

 private:
  struct Function {
    uintptr_t begin, end;
    std::string name;
  };
  std::vector<Function> functions_;  // by begin
};

}  // namespace grove::perf

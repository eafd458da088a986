#include "perf/symbols.h"

#include <cxxabi.h>
#include <link.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace grove::perf {
namespace {

std::string Demangle(const char* name) {
  char* text = abi::__cxa_demangle(name, nullptr, nullptr, nullptr);
  std::string result = text == nullptr ? name : text;
  std::free(text);
  return result;
}

// How far the system has moved the program from the addresses in its file: the first object listed
// is the program.
uintptr_t LoadOffset() {
  uintptr_t offset = 0;
  dl_iterate_phdr(
      [](dl_phdr_info* info, size_t, void* out) {
        *static_cast<uintptr_t*>(out) = info->dlpi_addr;
        return 1;
      },
      &offset);
  return offset;
}

template <typename T>
T At(const std::string& file, size_t offset) {
  T value;
  if (offset + sizeof value > file.size()) throw std::runtime_error("damaged symbol table");
  std::memcpy(&value, file.data() + offset, sizeof value);
  return value;
}

}  // namespace

Symbols::Symbols() {
  std::ifstream stream("/proc/self/exe", std::ios::binary);
  const std::string file{std::istreambuf_iterator<char>(stream), {}};
  const uintptr_t loaded = LoadOffset();
  const auto header = At<ElfW(Ehdr)>(file, 0);
  const auto section = [&](size_t i) {
    return At<ElfW(Shdr)>(file, header.e_shoff + i * header.e_shentsize);
  };
  for (size_t i = 0; i < header.e_shnum; ++i) {
    const auto table = section(i);
    if (table.sh_type != SHT_SYMTAB) continue;
    const size_t names = section(table.sh_link).sh_offset;
    for (size_t at = 0; at < table.sh_size; at += sizeof(ElfW(Sym))) {
      const auto symbol = At<ElfW(Sym)>(file, table.sh_offset + at);
      if (ELF64_ST_TYPE(symbol.st_info) != STT_FUNC || symbol.st_size == 0) continue;
      if (names + symbol.st_name >= file.size()) throw std::runtime_error("damaged symbol table");
      const uintptr_t begin = loaded + symbol.st_value;
      functions_.push_back(
          {begin, begin + symbol.st_size, Demangle(file.c_str() + names + symbol.st_name)});
    }
  }
  if (functions_.empty()) throw std::runtime_error("the program has no symbol table (stripped?)");
  std::sort(functions_.begin(), functions_.end(),
            [](const Function& a, const Function& b) { return a.begin < b.begin; });
}

std::string Symbols::Find(uintptr_t address) const {
  auto function =
      std::upper_bound(functions_.begin(), functions_.end(), address,
                       [](uintptr_t value, const Function& f) { return value < f.begin; });
  if (function == functions_.begin()) return "";
  --function;
  return address < function->end ? function->name : "";
}

}  // namespace grove::perf

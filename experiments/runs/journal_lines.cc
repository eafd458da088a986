#include "experiments/runs/journal_lines.h"

#include "engine/error.h"
#include "experiments/runs/line_fields.h"
#include "experiments/runs/sealed_line.h"

namespace grove {
namespace {

// With which lines begin that have no checksum, as those of earlier versions.
constexpr std::string_view kUnsealedKeys[] = {"\"key\"", "\"provenance\"", "\"ratios\"",
                                              "\"observations\""};

// Within how many bytes a line that has a version names it: behind nothing but its checksum.
constexpr size_t kVersionWithin = 64;

void CheckVersion(std::string_view line) {
  if (line.substr(0, kVersionWithin).find("\"journal_version\"") == std::string_view::npos) return;
  const int version = LineFields(line).Integer("journal_version");
  if (version <= kJournalVersion) return;
  throw Error("the journal has version " + std::to_string(version) + ", and this program reads " +
              std::to_string(kJournalVersion) + ": a later grove made it, which reads it");
}

}  // namespace

void TellDamage(const LineSource& lines, const std::string& fault, const OnDamage& on_damage) {
  DamagedLine damage{lines.name(), lines.number(), lines.cut(), ""};
  if (damage.torn) {  // what stands behind the last '\n'
    damage.message = lines.place() + ": the last line was torn and is left out";
    if (on_damage) on_damage(damage);
    return;
  }
  damage.message = lines.place() + ": damaged: " + fault;
  if (!on_damage) {
    throw Error(damage.message + "; `grove run` sets such a line aside and computes it again");
  }
  on_damage(damage);
}

void ForEachJournalLine(const std::string& path, const OnDamage& on_damage,
                        const std::function<void(const LineSource&, std::string_view)>& visit) {
  LineSource lines(path);
  for (std::string_view line; lines.Next(line);) {
    const std::string fault = lines.cut() ? "torn" : SealFault(line, kUnsealedKeys);
    if (!fault.empty()) {
      TellDamage(lines, fault, on_damage);
      continue;
    }
    try {
      CheckVersion(line);
      visit(lines, line);
    } catch (const Error& error) {
      const std::string what = error.what();
      throw Error(what.starts_with(path) ? what : lines.place() + ": " + what);
    }
  }
}

}  // namespace grove

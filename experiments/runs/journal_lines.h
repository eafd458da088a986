// The lines of a journal that are what was written, one after another, in bounded memory. What they
// mean: store.h; their form, for programs of others: experiments/pages/journal.schema.json.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "engine/files/line_source.h"

namespace grove {

// Version of the form of a journal's lines, which each line of provenance says. Journals of earlier
// programs do not say it, and have this form too.
inline constexpr int kJournalVersion = 1;

// A line of a journal or a manifest that is not what was written: its checksum does not fit, it is
// no JSON, or it was torn by a crash before it had its end.
struct DamagedLine {
  std::string path;
  size_t number = 0;  // from 1
  bool torn = false;
  std::string message;  // "path:line: damaged: ...", in one line
};
// Told of each such line, which is then left out. An empty one: the first of them, unless it is
// torn, is an Error.
using OnDamage = std::function<void(const DamagedLine&)>;

// Tells of a line that Next gave. Throws the Error if nobody is to be told.
void TellDamage(const LineSource& lines, const std::string& fault, const OnDamage& on_damage);

// Calls `visit` with the source, which says where a line stands, and the line. An Error that it
// throws without a place gets that of the line. Throws Error if the journal has a later version
// than kJournalVersion.
void ForEachJournalLine(const std::string& path, const OnDamage& on_damage,
                        const std::function<void(const LineSource&, std::string_view)>& visit);

}  // namespace grove

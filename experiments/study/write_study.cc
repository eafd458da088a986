#include "engine/files.h"
#include "experiments/study/story.h"
#include "experiments/study/study.h"
#include "experiments/study/tables.h"

namespace grove {

std::vector<std::string> WriteStudy(const Study& study, const std::string& results) {
  const std::pair<const char*, std::string> files[] = {
      {"claims.csv", StudyClaimsCsv(study)},     {"readings.csv", StudyReadingsCsv(study)},
      {"verdicts.csv", StudyVerdictsCsv(study)}, {"cells.csv", StudyCellsCsv(study)},
      {"pairs.csv", StudyPairsCsv(study)},       {"pieces.csv", StudyPiecesCsv(study)},
      {"README.md", StudyStory(study)}};
  std::vector<std::string> paths;
  for (const auto& [name, text] : files) {
    paths.push_back(results + "/" + name);
    WriteFileAtomically(paths.back(), text);
  }
  return paths;
}

}  // namespace grove

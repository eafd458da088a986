#include "experiments/stats/report_data.h"

namespace grove {

bool IsDone(const RunRecord& run) { return run.status == "done"; }

}  // namespace grove

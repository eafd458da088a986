#include "experiments/cli/cli.h"
#include "experiments/cli/standard_streams.h"

int main(int argc, char** argv) {
  grove::OpenStandardStreams();
  return grove::RunCommandLine(argc, argv);
}

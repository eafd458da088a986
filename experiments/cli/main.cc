#include "experiments/cli/cli.h"

int main(int argc, char** argv) { return grove::RunCommandLine(argc, argv); }

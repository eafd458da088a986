// .npy files, byte by byte.
#include "engine/files/npy_file.h"

#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <vector>

#include "tests/experiments/temporary_folder.h"

namespace grove {
namespace {

TEST(NpyFileTest, FollowsTheFormat) {
  const TemporaryFolder folder;
  const std::string path = folder.Path("h.npy");
  NpyWriter writer(path, 3);
  const std::vector<float> rows[] = {{1, -2, 0.5f}, {0, 1e-30f, 3}};
  for (int i = 0; i < 20000; ++i) writer.Add(rows[i % 2]);
  EXPECT_FALSE(std::filesystem::exists(path));
  writer.Commit();
  const std::string bytes = folder.Read("h.npy");
  ASSERT_EQ(bytes.size(), 128 + 20000 * 12u);
  EXPECT_EQ(bytes.substr(0, 10), std::string("\x93NUMPY\x01\x00\x76\x00", 10));
  const std::string dict = "{'descr': '<f4', 'fortran_order': False, 'shape': (20000, 3), }";
  EXPECT_EQ(bytes.substr(10, dict.size()), dict);
  EXPECT_EQ(bytes.substr(10 + dict.size(), 118 - dict.size()),
            std::string(117 - dict.size(), ' ') + "\n");
  float values[6];
  std::memcpy(values, &bytes.at(size_t{128} + size_t{19998} * 12), sizeof(values));
  EXPECT_EQ(std::vector<float>(values, values + 6),
            (std::vector<float>{1, -2, 0.5f, 0, 1e-30f, 3}));
}

TEST(NpyFileTest, WithoutCommitNothingIsLeft) {
  const TemporaryFolder folder;
  const float row[] = {1};
  { NpyWriter(folder.Path("h.npy"), 1).Add(row); }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
  EXPECT_NE(ErrorMessage([] { NpyWriter("/dev/null", 1); }).find("must be a file"),
            std::string::npos);
}

}  // namespace
}  // namespace grove

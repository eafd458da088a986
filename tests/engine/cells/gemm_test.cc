// The two GEMM backends against each other on the shapes of a level, and OpenBLAS from several
// threads at once: a serial build has to give right answers there too.
#include "engine/cells/gemm.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <thread>
#include <vector>

#include "engine/error.h"
#include "engine/random.h"
#include "simd/aligned.h"

namespace grove {
namespace {

using simd::AlignedArray;
using simd::KRange;
using simd::PadRow;

void Fill(AlignedArray<float>& array, uint32_t item) {
  RandomStream random(1, Purpose::kWeights, item);
  for (float& value : array) value = random.NextUniform(-1, 1);
}

struct Product {
  size_t rows, k, cols;
  bool a_transposed;  // as in a weight gradient
  bool accumulate;
  std::vector<KRange> ranges;

  AlignedArray<float> Run(GemmBackend backend) const {
    const size_t a_stride = PadRow(a_transposed ? rows : k);
    AlignedArray<float> a((a_transposed ? k : rows) * a_stride), b(k * PadRow(cols)),
        c(rows * PadRow(cols));
    Fill(a, 1);
    Fill(b, 2);
    Fill(c, 3);
    Multiply(backend, {.a = a.data(),
                       .a_row_stride = a_transposed ? 1 : a_stride,
                       .a_k_stride = a_transposed ? a_stride : 1,
                       .b = b.data(),
                       .b_stride = PadRow(cols),
                       .c = c.data(),
                       .c_stride = PadRow(cols),
                       .rows = rows,
                       .cols = cols,
                       .ranges = ranges.data(),
                       .num_ranges = ranges.size(),
                       .accumulate = accumulate});
    return c;
  }
};

std::vector<Product> Products() {
  std::vector<Product> products;
  for (const bool accumulate : {false, true}) {
    for (const size_t rows : {1, 5, 6, 7, 127}) {
      products.push_back({rows, 50, 200, false, accumulate, {{0, 50}}});
      products.push_back({rows, 100, 200, false, accumulate, {{0, 100}}});
      products.push_back({rows, 200, 50, false, accumulate, {{0, 200}}});
      products.push_back({rows, 10, 50, false, accumulate, {{0, 10}}});
    }
    products.push_back({50, 123, 200, true, accumulate, {{0, 123}}});
    products.push_back({50, 123, 100, true, accumulate, {{3, 20}, {40, 1}, {50, 73}}});
    products.push_back({50, 10, 10, true, accumulate, {}});
  }
  return products;
}

TEST(GemmTest, BackendsAgree) {
  for (const Product& p : Products()) {
    const AlignedArray<float> ours = p.Run(GemmBackend::kSimd);
    const AlignedArray<float> theirs = p.Run(GemmBackend::kOpenblas);
    // Either sum of k products of magnitude <= 1 is within (k + 1) roundings of at most k.
    const double bound = static_cast<double>((p.k + 1) * p.k) * 0x1p-24;
    for (size_t i = 0; i < ours.size(); ++i) {
      ASSERT_LE(std::abs(ours[i] - theirs[i]), bound)
          << p.rows << " x " << p.k << " x " << p.cols << " at " << i;
    }
  }
}

TEST(GemmTest, OpenblasFromSeveralThreads) {
  const std::vector<Product> products = Products();
  std::vector<AlignedArray<float>> alone;
  for (const Product& p : products) alone.push_back(p.Run(GemmBackend::kOpenblas));
  std::vector<int> wrong(4, 0);
  std::vector<std::thread> threads;
  for (int& count : wrong) {
    threads.emplace_back([&] {
      for (int round = 0; round < 20; ++round) {
        for (size_t i = 0; i < products.size(); ++i) {
          const AlignedArray<float> c = products[i].Run(GemmBackend::kOpenblas);
          count += !std::equal(c.begin(), c.end(), alone[i].begin());
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<int>(4, 0));
}

TEST(GemmTest, OpenblasIsTheSerialBuild) { EXPECT_EQ(OpenblasThreads(), 1) << OpenblasConfig(); }

TEST(GemmTest, NamesOfBackends) {
  EXPECT_EQ(ParseGemmBackend("simd"), GemmBackend::kSimd);
  EXPECT_EQ(ParseGemmBackend("openblas"), GemmBackend::kOpenblas);
  EXPECT_THROW(ParseGemmBackend("blis"), Error);
}

}  // namespace
}  // namespace grove

#include "engine/cells/gemm.h"

#include <cblas.h>

#include <mutex>

#include "engine/error.h"

namespace grove {
namespace {

thread_local uint64_t counted = 0;

// Debian builds the serial OpenBLAS without the locks around its work buffers, so that two threads
// at a time may be given the same one.
std::mutex openblas_mutex;

// C (rows x cols) = A (rows x k) B (k x cols) + beta C, one call a range of k.
void MultiplyOpenblas(const simd::GemmArgs& args) {
  const bool transposed = args.a_k_stride != 1;  // then A(r, k) is column r of what is stored
  float beta = args.accumulate ? 1.0f : 0.0f;
  for (size_t i = 0; i < args.num_ranges; ++i) {
    const simd::KRange range = args.ranges[i];
    const size_t begin = static_cast<size_t>(range.begin);
    const int m = static_cast<int>(args.rows);
    const int n = static_cast<int>(args.cols);
    const int k = range.count;
    const int lda = static_cast<int>(transposed ? args.a_k_stride : args.a_row_stride);
    const int ldb = static_cast<int>(args.b_stride);
    const int ldc = static_cast<int>(args.c_stride);
    const std::lock_guard lock(openblas_mutex);
    cblas_sgemm(CblasRowMajor, transposed ? CblasTrans : CblasNoTrans, CblasNoTrans, m, n, k, 1.0f,
                args.a + begin * args.a_k_stride, lda, args.b + begin * args.b_stride, ldb, beta,
                args.c, ldc);
    beta = 1.0f;
  }
  if (args.num_ranges == 0 && !args.accumulate) {
    for (size_t r = 0; r < args.rows; ++r) {
      for (size_t c = 0; c < args.cols; ++c) args.c[r * args.c_stride + c] = 0;
    }
  }
}

}  // namespace

GemmBackend ParseGemmBackend(std::string_view name) {
  if (name == "simd") return GemmBackend::kSimd;
  if (name == "openblas") return GemmBackend::kOpenblas;
  throw Error("unknown gemm backend '" + std::string(name) + "'; allowed: simd, openblas");
}

void Multiply(GemmBackend backend, const simd::GemmArgs& args) {
  if (args.rows == 0 || args.cols == 0) return;
  switch (backend) {
    case GemmBackend::kSimd:
      return simd::Gemm(args);
    case GemmBackend::kOpenblas:
      return MultiplyOpenblas(args);
    case GemmBackend::kCounted:
      for (size_t i = 0; i < args.num_ranges; ++i) {
        counted += args.rows * args.cols * static_cast<size_t>(args.ranges[i].count);
      }
      return simd::Gemm(args);
  }
}

uint64_t CountedMultiplyAdds() { return counted; }

std::string OpenblasConfig() { return openblas_get_config(); }

int OpenblasThreads() { return openblas_get_num_threads(); }

}  // namespace grove

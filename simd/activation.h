// The nonlinearity g of the cells.
#pragma once

namespace grove::simd {

enum class Activation { kTanh, kRelu, kSoftsign };

}  // namespace grove::simd

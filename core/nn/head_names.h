#pragma once
#include <string_view>
#include <utility>

#include "nn/config.h"

namespace lix::nn {

/// What recipes and config.json call the image heads.
inline constexpr std::pair<std::string_view, ImageHead> kHeadNames[] = {{"vector", ImageHead::Vector},
                                                                        {"registers", ImageHead::Registers},
                                                                        {"average", ImageHead::Average},
                                                                        {"learned-average", ImageHead::LearnedAverage},
                                                                        {"mixture", ImageHead::Mixture}};

}  // namespace lix::nn

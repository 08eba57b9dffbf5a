#pragma once
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"

namespace lix::nn {

/// A hash that names weights, worked out when it is first asked for: that reads every byte of them, which takes longer than
/// opening them. Copies share it. Thread safe: who asks while it is worked out waits.
class WeightsHash {
 public:
  WeightsHash(std::string known = "");
  explicit WeightsHash(std::function<std::string()> compute);

  const std::string& text() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

/// Checkpoint::weightsHash of a checkpoint folder, without making its tensors.
Result<std::string> weightsHash(const std::filesystem::path& folder);

}  // namespace lix::nn

#pragma once
#include <ATen/core/TensorBody.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "ranks/place.h"

namespace lix {

/// Processes that train one model together, joined by torch.distributed's engine (c10d: TCPStore and Gloo over TCP;
/// tensors lie in CPU memory). Every call is made by all of them in the same order. Where one is lost, the calls of all
/// others fail with a sentence within seconds, or after `patience` where its machine vanished without a word.
class Ranks {
 public:
  static Result<std::shared_ptr<Ranks>> join(const RankPlace& place);
  ~Ranks();

  int rank() const { return place_.rank; }
  int size() const { return place_.size; }
  bool leads() const { return place_.rank == 0; }
  const RankPlace& place() const { return place_; }

  /// Rows [n, ...] of every process, the same n everywhere, one behind the other by rank: [size n, ...].
  Result<at::Tensor> gather(const at::Tensor& rows);
  /// Begins to replace these tensors by their sums over all processes, bucket by bucket; they must live, unread, until
  /// wait(). What is computed meanwhile hides the traffic.
  Result<void> beginSum(const std::vector<at::Tensor>& tensors);
  Result<void> wait();
  /// Replaces these tensors by those of rank 0.
  Result<void> takeFromLeader(const std::vector<at::Tensor>& tensors);
  /// The text that rank 0 gives.
  Result<std::string> leaders(const std::string& text);

 private:
  struct Joined;
  Ranks(RankPlace place, std::unique_ptr<Joined> joined);
  RankPlace place_;
  std::unique_ptr<Joined> joined_;
};

}  // namespace lix

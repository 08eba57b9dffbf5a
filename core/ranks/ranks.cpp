#include "ranks/ranks.h"

#define USE_C10D_GLOO  // LibTorch was built with it; the header asks
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>

#include <chrono>
#include <cstring>
#include <utility>

#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>

#include "base/text.h"

namespace lix {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kMeeting = std::chrono::minutes(5);    // until all are there
constexpr milliseconds kPatience = std::chrono::minutes(30);  // rank 0 may prepare data while the others wait
constexpr std::int64_t kBucketBytes = 25 << 20;               // as torch's DistributedDataParallel has it

/// What torch says, without the trace behind it.
std::string firstLine(const std::exception& problem) {
  const std::string whole = problem.what();
  return whole.substr(0, whole.find('\n'));
}

std::unexpected<Error> lost(const RankPlace& place, const std::exception& problem) {
  return fail(ErrorCode::Io, cat("Rank ", place.rank, " of ", place.size,
                                 " lost the others (one of them ended, or the network did; torch says: ",
                                 firstLine(problem), "). Start the same command again with --resume."));
}

/// One flat piece of memory that stands for several tensors while it travels.
struct Bucket {
  at::Tensor flat;
  std::vector<at::Tensor> tensors;
  c10::intrusive_ptr<c10d::Work> work;
};

}  // namespace

struct Ranks::Joined {
  c10::intrusive_ptr<c10d::Store> store;
  c10::intrusive_ptr<c10d::ProcessGroupGloo> group;
  std::vector<Bucket> underway;

  void begin(std::vector<at::Tensor> tensors) {
    if (tensors.empty()) {
      return;
    }
    std::vector<at::Tensor> flat;
    for (const at::Tensor& tensor : tensors) {
      flat.push_back(tensor.detach().reshape({-1}));
    }
    Bucket bucket{at::cat(flat), std::move(tensors), {}};
    std::vector<at::Tensor> one{bucket.flat};
    bucket.work = group->allreduce(one, c10d::AllreduceOptions());
    underway.push_back(std::move(bucket));
  }
};

Ranks::Ranks(RankPlace place, std::unique_ptr<Joined> joined) : place_(std::move(place)), joined_(std::move(joined)) {}
Ranks::~Ranks() = default;

Result<std::shared_ptr<Ranks>> Ranks::join(const RankPlace& place) {
  try {
    auto joined = std::make_unique<Joined>();
    c10d::TCPStoreOptions options;
    options.port = place.port;
    options.isServer = place.rank == 0 && !place.hosted;
    options.numWorkers = static_cast<std::size_t>(place.size);
    options.waitWorkers = !place.hosted;
    options.timeout = kMeeting;
    joined->store = c10::make_intrusive<c10d::PrefixStore>(cat("lixp/", place.attempt),
                                                           c10::make_intrusive<c10d::TCPStore>(place.host, options));
    auto settings = c10d::ProcessGroupGloo::Options::create(kPatience);
    const auto interface = processEnvironment("GLOO_SOCKET_IFNAME");
    settings->devices.push_back(interface ? c10d::ProcessGroupGloo::createDeviceForInterface(*interface)
                                          : c10d::ProcessGroupGloo::createDefaultDevice());
    joined->group = c10::make_intrusive<c10d::ProcessGroupGloo>(joined->store, place.rank, place.size, settings);
    return std::shared_ptr<Ranks>(new Ranks(place, std::move(joined)));
  } catch (const std::exception& problem) {
    return fail(ErrorCode::Io, cat("Rank ", place.rank, " of ", place.size, " could not meet the others at ",
                                   place.host, ":", place.port, " (torch says: ", firstLine(problem),
                                   "); check that all were started and that this address can be reached."));
  }
}

Result<at::Tensor> Ranks::gather(const at::Tensor& rows) {
  try {
    at::Tensor mine = rows.detach().contiguous();
    std::vector<std::int64_t> shape = mine.sizes().vec();
    shape.at(0) *= size();
    at::Tensor all = at::empty(shape, mine.options());
    joined_->group->_allgather_base(all, mine, c10d::AllgatherOptions())->wait();
    return all;
  } catch (const std::exception& problem) {
    return lost(place_, problem);
  }
}

Result<void> Ranks::beginSum(const std::vector<at::Tensor>& tensors) {
  try {
    std::vector<at::Tensor> bucket;
    std::int64_t bytes = 0;
    for (const at::Tensor& tensor : tensors) {
      const bool another = !bucket.empty() && bucket.front().scalar_type() != tensor.scalar_type();
      if (another || bytes + static_cast<std::int64_t>(tensor.nbytes()) > kBucketBytes) {
        joined_->begin(std::exchange(bucket, {}));
        bytes = 0;
      }
      bucket.push_back(tensor);
      bytes += static_cast<std::int64_t>(tensor.nbytes());
    }
    joined_->begin(std::move(bucket));
    return {};
  } catch (const std::exception& problem) {
    return lost(place_, problem);
  }
}

Result<void> Ranks::wait() {
  std::vector<Bucket> underway = std::exchange(joined_->underway, {});
  try {
    for (Bucket& bucket : underway) {
      bucket.work->wait();
      std::int64_t at = 0;
      for (at::Tensor& tensor : bucket.tensors) {
        tensor.detach().copy_(bucket.flat.narrow(0, at, tensor.numel()).view(tensor.sizes()));
        at += tensor.numel();
      }
    }
    return {};
  } catch (const std::exception& problem) {
    return lost(place_, problem);
  }
}

Result<void> Ranks::takeFromLeader(const std::vector<at::Tensor>& tensors) {
  try {
    for (const at::Tensor& tensor : tensors) {
      std::vector<at::Tensor> one{tensor.detach().contiguous()};
      joined_->group->broadcast(one, c10d::BroadcastOptions())->wait();
      if (!one.front().is_same(tensor)) {
        tensor.detach().copy_(one.front());
      }
    }
    return {};
  } catch (const std::exception& problem) {
    return lost(place_, problem);
  }
}

Result<std::string> Ranks::leaders(const std::string& text) {
  at::Tensor length = at::empty({1}, at::kLong);
  length.fill_(static_cast<std::int64_t>(text.size()));
  LIX_CHECK(takeFromLeader({length}));
  at::Tensor bytes = at::empty({std::max<std::int64_t>(length.item<std::int64_t>(), 1)}, at::kByte);
  if (leads()) {
    std::memcpy(bytes.data_ptr(), text.data(), text.size());
  }
  LIX_CHECK(takeFromLeader({bytes}));
  return std::string(static_cast<const char*>(bytes.data_ptr()), static_cast<std::size_t>(length.item<std::int64_t>()));
}

}  // namespace lix

#include "ranks/place.h"

#include <algorithm>
#include <cstdlib>

#include "base/text.h"

namespace lix {
namespace {

constexpr long long kFirstPort = 20000;  // of those made of a job's number: beyond what services use
constexpr long long kPorts = 20000;

std::unexpected<Error> unusable(const char* name, const std::string& what) {
  return fail(ErrorCode::BadInput,
              cat("The launcher's variable ", name, " ", what,
                  "; start with torchrun --no-python lixp train ..., or with srun, which set it, or unset RANK and "
                  "WORLD_SIZE to train in one process."));
}

/// The values of one launcher.
class Values {
 public:
  explicit Values(const Environment& environment) : environment_(environment) {}

  Result<long long> number(const char* name, long long least, long long most) const {
    const auto text = environment_(name);
    if (!text) {
      return unusable(name, "is missing");
    }
    const auto value = toInteger(*text);
    if (!value || *value < least || *value > most) {
      return unusable(name, cat("is '", *text, "', which is no whole number from ", least, " to ", most));
    }
    return *value;
  }
  std::string text(const char* name) const { return environment_(name).value_or(""); }

 private:
  const Environment& environment_;
};

constexpr long long kMostRanks = 1'000'000;
constexpr long long kMostPort = 65535;

Result<RankPlace> ofTorchrun(const Values& values) {
  RankPlace place;
  LIX_TRY(const long long size, values.number("WORLD_SIZE", 1, kMostRanks));
  LIX_TRY(const long long rank, values.number("RANK", 0, size - 1));
  LIX_TRY(const long long local, values.number("LOCAL_RANK", 0, kMostRanks));
  LIX_TRY(const long long port, values.number("MASTER_PORT", 1, kMostPort));
  place.rank = int(rank);
  place.size = int(size);
  place.localRank = int(local);
  place.localSize = int(std::clamp(toInteger(values.text("LOCAL_WORLD_SIZE")).value_or(1), 1LL, size));
  place.port = std::uint16_t(port);
  place.host = values.text("MASTER_ADDR");
  if (place.host.empty()) {
    return unusable("MASTER_ADDR", "is missing");
  }
  place.hosted = values.text("TORCHELASTIC_USE_AGENT_STORE") == "True";
  place.attempt = values.text("TORCHELASTIC_RESTART_COUNT");
  return place;
}

Result<RankPlace> ofSlurm(const Values& values) {
  RankPlace place;
  LIX_TRY(const long long size, values.number("SLURM_STEP_NUM_TASKS", 1, kMostRanks));
  LIX_TRY(const long long rank, values.number("SLURM_PROCID", 0, size - 1));
  LIX_TRY(const long long local, values.number("SLURM_LOCALID", 0, kMostRanks));
  place.rank = int(rank);
  place.size = int(size);
  place.localRank = int(local);
  const std::string perNode = values.text("SLURM_STEP_TASKS_PER_NODE");  // "4(x2),3": the most stand first
  place.localSize = int(std::clamp(toInteger(perNode.substr(0, perNode.find_first_of("(,"))).value_or(1), 1LL, size));
  place.host = values.text("MASTER_ADDR");
  if (place.host.empty()) {
    place.host = firstHost(values.text("SLURM_STEP_NODELIST"));
  }
  if (place.host.empty() && size > 1) {
    return unusable("SLURM_STEP_NODELIST", "names no host, and MASTER_ADDR is missing");
  }
  if (!values.text("MASTER_PORT").empty()) {
    LIX_TRY(const long long port, values.number("MASTER_PORT", 1, kMostPort));
    place.port = std::uint16_t(port);
  } else {
    const long long job = toInteger(values.text("SLURM_JOB_ID")).value_or(0);
    place.port = std::uint16_t(kFirstPort + (job < 0 ? 0 : job) % kPorts);
  }
  place.attempt = values.text("SLURM_RESTART_COUNT");
  return place;
}

}  // namespace

std::optional<std::string> processEnvironment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr || *value == '\0' ? std::nullopt : std::optional<std::string>(value);
}

std::string firstHost(const std::string& nodes) {
  const std::size_t open = nodes.find('[');
  const std::size_t comma = nodes.find(',');
  if (open == std::string::npos || comma < open) {
    return nodes.substr(0, comma);
  }
  const std::size_t end = nodes.find_first_of(",-]", open + 1);
  return end == std::string::npos ? std::string() : nodes.substr(0, open) + nodes.substr(open + 1, end - open - 1);
}

Result<std::optional<RankPlace>> rankPlace(const Environment& environment) {
  const Values values(environment);
  if (environment("WORLD_SIZE") || environment("RANK")) {
    LIX_TRY(RankPlace place, ofTorchrun(values));
    return place.size > 1 ? std::optional(std::move(place)) : std::nullopt;
  }
  if (environment("SLURM_STEP_NUM_TASKS") && environment("SLURM_PROCID")) {
    LIX_TRY(RankPlace place, ofSlurm(values));
    return place.size > 1 ? std::optional(std::move(place)) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace lix

// Where Gloo's headers are missing: one process trains alone, and several are refused.
#include "ranks/ranks.h"

namespace lix {

namespace {
std::unexpected<Error> absent() {
  return fail(ErrorCode::Unsupported,
              "This lixp was built without the headers of Gloo and trains in one process; install libgloo-dev, or put "
              "gloo/ into build/deps/include, and build again.");
}
}  // namespace

struct Ranks::Joined {};
Ranks::Ranks(RankPlace place, std::unique_ptr<Joined> joined) : place_(std::move(place)), joined_(std::move(joined)) {}
Ranks::~Ranks() = default;

Result<std::shared_ptr<Ranks>> Ranks::join(const RankPlace&) { return absent(); }
Result<at::Tensor> Ranks::gather(const at::Tensor&) { return absent(); }
Result<void> Ranks::beginSum(const std::vector<at::Tensor>&) { return absent(); }
Result<void> Ranks::wait() { return absent(); }
Result<void> Ranks::takeFromLeader(const std::vector<at::Tensor>&) { return absent(); }
Result<std::string> Ranks::leaders(const std::string&) { return absent(); }

}  // namespace lix
